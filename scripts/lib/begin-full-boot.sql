-- Steps 2-4 begin: until they are done no fingerprint is good. The version stays, since Directus's own migrations may have run.
INSERT INTO trm.state (key, value) VALUES ('boot.fingerprint', jsonb_build_object('completed', false, 'directus', :'directus'))
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now();
