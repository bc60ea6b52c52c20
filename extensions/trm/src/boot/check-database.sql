-- What keeps a boot from ending well on this database; no row when nothing does. $1: the collections of the snapshot.
SELECT kind, detail
FROM (VALUES
	(1, 'standby', CASE WHEN pg_is_in_recovery() THEN '' END),
	(2, 'read-only', (SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only' AND setting = 'on')),
	(3, 'encoding', nullif(current_setting('server_encoding'), 'UTF8')),
	-- On a first boot: tables of another program by our names, or those of a Directus without our ledger, would be met half way through.
	(4, 'foreign', (
		SELECT count(*) || ' tables, such as ' || (array_agg(relname ORDER BY relname))[1]
		FROM pg_class
		WHERE (relname LIKE 'directus\_%' OR relname = 'positions' OR relname = ANY ($1))
			AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND to_regnamespace('trm') IS NULL
			AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
		HAVING count(*) > 0
	))
) AS problems (place, kind, detail)
WHERE detail IS NOT NULL
ORDER BY place
LIMIT 1;
