-- After Directus's bootstrap: prints what is missing, nothing when all is there; then takes the note of begin-bootstrap.sql away.
SELECT to_regclass('public.directus_users') IS NOT NULL AND to_regclass('public.directus_settings') IS NOT NULL
	AND to_regclass('public.directus_migrations') IS NOT NULL AS has_tables \gset
\if :has_tables
	SELECT 'a user' WHERE NOT EXISTS (SELECT FROM public.directus_users);
	DELETE FROM trm.state WHERE key = 'bootstrap.installing' AND EXISTS (SELECT FROM public.directus_users);
\else
	SELECT 'the tables directus_users, directus_settings and directus_migrations';
\endif
