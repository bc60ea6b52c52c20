-- The ledger row of a file, and what the file made ($7 lists what was there before it, as JSON) or removed.
WITH before AS (
	SELECT kind, name, on_table FROM json_to_recordset($7::json) AS b (kind text, name text, on_table text)
), made AS (
	INSERT INTO trm.made_objects (kind, name, on_table, file)
	SELECT kind, name, on_table, $1::text FROM trm.present_objects
	EXCEPT SELECT kind, name, on_table, $1::text FROM before
	ON CONFLICT (kind, name, on_table) DO UPDATE SET file = EXCLUDED.file
), removed AS (
	DELETE FROM trm.made_objects AS made USING before
	WHERE (made.kind, made.name, made.on_table) = (before.kind, before.name, before.on_table)
		AND NOT EXISTS (
			SELECT FROM trm.present_objects AS present
			WHERE (present.kind, present.name, present.on_table) = (made.kind, made.name, made.on_table)
		)
)
INSERT INTO trm.migration_ledger (filename, sha256, kind, applied_at, duration_ms, runner_version)
-- $6: the transaction in which the file began; null where it ran without one.
SELECT $1, $2, $3, pg_catalog.clock_timestamp(), $4, $5
WHERE $6::text IS NULL OR pg_catalog.pg_current_xact_id()::text = $6
ON CONFLICT (filename) DO UPDATE SET sha256 = EXCLUDED.sha256, applied_at = EXCLUDED.applied_at,
	duration_ms = EXCLUDED.duration_ms, runner_version = EXCLUDED.runner_version
	WHERE migration_ledger.kind = 'repeatable'
RETURNING filename;
