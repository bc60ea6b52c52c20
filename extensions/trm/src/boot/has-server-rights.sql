-- Whether this login can serve. Without the schema trm, its tables cannot even be asked about.
SELECT coalesce(CASE WHEN has_schema_privilege('trm', 'USAGE')
	THEN has_table_privilege('trm.event_outbox', 'DELETE') AND has_table_privilege('public.directus_users', 'UPDATE') END, false) AS ok;
