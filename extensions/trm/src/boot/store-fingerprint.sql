-- Steps 2-4 are done with the fingerprint $1.
INSERT INTO trm.state (key, value) VALUES ('boot.fingerprint', $1::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now();
