-- Compares the files (:manifest, JSON) with the ledger rows of the same directory (:prefix). Leaves the query in :comparison, to be
-- used as (:comparison) AS comparison: no table, so that a database that takes no writes can be asked too.
-- Before the first run there is no ledger, and reading must not make one.
SELECT CASE WHEN to_regclass('trm.migration_ledger') IS NULL
	THEN '(SELECT NULL::text filename, NULL::text sha256, NULL::text kind, NULL::timestamptz applied_at, NULL::integer duration_ms, NULL::text runner_version WHERE false)'
	ELSE 'trm.migration_ledger' END AS ledger \gset

-- The repeatable files are applied again, all of them, when something is gone that they or others made.
\ir count-lacking-objects.sql

-- psql fills in its variables where the query is used, not between the dollars.
SELECT $comparison$
	WITH files AS (
		SELECT filename, sha256 FROM json_to_recordset(:'manifest') AS f(filename text, sha256 text)
	), applied AS (
		SELECT l.* FROM :ledger AS l
		WHERE CASE WHEN :'prefix' = '' THEN position('/' IN filename) = 0 ELSE starts_with(filename, :'prefix') END
	), newest AS (
		SELECT max(filename COLLATE "C") AS filename FROM applied
	)
	SELECT coalesce(files.filename, applied.filename) COLLATE "C" AS filename,
		CASE
			WHEN :'prefix' = 'current/' THEN CASE
				WHEN files.filename IS NULL THEN 'gone'
				WHEN applied.sha256 = files.sha256 AND :'lacking_objects' IN ('0', 'unknown') THEN 'applied'
				ELSE 'pending'
			END
			WHEN files.filename IS NULL THEN 'missing'
			WHEN applied.filename IS NULL AND files.filename COLLATE "C" < newest.filename THEN 'out-of-order'
			WHEN applied.filename IS NULL THEN 'pending'
			WHEN applied.sha256 <> files.sha256 THEN 'changed'
			ELSE 'applied'
		END AS state,
		applied.sha256 AS expected_sha256, files.sha256 AS found_sha256,
		applied.applied_at, applied.duration_ms, applied.runner_version, newest.filename AS newest
	FROM files FULL JOIN applied USING (filename) CROSS JOIN newest
$comparison$ AS comparison \gset
