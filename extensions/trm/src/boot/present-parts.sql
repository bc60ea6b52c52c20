-- Which parts of an installation there are to be asked.
SELECT
	to_regclass('trm.state') IS NOT NULL AS state,
	to_regclass('trm.missing_objects') IS NOT NULL AS missing_objects,
	to_regprocedure('trm.grant_least_privilege()') IS NOT NULL AS grants,
	to_regclass('public.directus_migrations') IS NOT NULL AND to_regclass('public.directus_users') IS NOT NULL
		AND to_regclass('public.directus_settings') IS NOT NULL AS directus_tables;
