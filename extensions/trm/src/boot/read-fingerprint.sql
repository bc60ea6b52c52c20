-- What the last boots have left in trm.state. It may have been edited by hand.
SELECT
	(SELECT value FROM trm.state WHERE key = 'boot.fingerprint') AS value,
	(SELECT updated_at::timestamptz(0)::text FROM trm.state WHERE key = 'boot.fingerprint') AS stored_at,
	EXISTS (SELECT FROM trm.state WHERE key = 'bootstrap.installing') AS is_installing;
