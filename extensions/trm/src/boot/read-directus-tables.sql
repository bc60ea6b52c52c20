-- The state of Directus's own tables: it changes when they are restored from a backup or migrated by hand.
SELECT count(*) || ' migrations up to ' || max(version) AS state FROM public.directus_migrations;
