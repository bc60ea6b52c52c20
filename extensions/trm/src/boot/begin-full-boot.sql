-- Steps 2-4 begin. Where Directus's own migrations may run, no fingerprint is good until they are done; the version stays ($1). The other
-- steps invalidate it themselves before they change something: a boot that fails and has changed nothing leaves the next one its fingerprint.
INSERT INTO trm.state (key, value) VALUES ('boot.fingerprint', jsonb_build_object('completed', false, 'directus', $1::text))
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()
	WHERE state.value ->> 'directus' IS DISTINCT FROM excluded.value ->> 'directus';
