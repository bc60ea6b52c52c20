-- :directus_tables, the state of Directus's own tables: it changes when they are restored from a backup or migrated by hand.
\set directus_tables none
SELECT to_regclass('public.directus_migrations') IS NOT NULL AND to_regclass('public.directus_users') IS NOT NULL
	AND to_regclass('public.directus_settings') IS NOT NULL AS has_directus_tables \gset
\if :has_directus_tables
SELECT count(*) || ' migrations up to ' || max(version) AS directus_tables FROM public.directus_migrations \gset
\endif
