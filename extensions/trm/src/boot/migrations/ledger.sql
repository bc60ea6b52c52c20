-- The ledger rows of one directory ($1: its prefix), newest sorted last.
SELECT filename, sha256, duration_ms AS "durationMs", runner_version AS "runnerVersion",
	to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "appliedAt"
FROM trm.migration_ledger
WHERE CASE WHEN $1 = '' THEN position('/' IN filename) = 0 ELSE starts_with(filename, $1) END;
