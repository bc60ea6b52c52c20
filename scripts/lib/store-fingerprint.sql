-- Steps 2-4 are done with :image.
\ir read-directus-tables.sql
INSERT INTO trm.state (key, value)
VALUES ('boot.fingerprint', :'image'::jsonb || jsonb_build_object('completed', true, 'tables', :'directus_tables'))
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now();
