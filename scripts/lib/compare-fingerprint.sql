-- Compares the image's fingerprint (:image, an object of texts) with the one stored. Writes nothing. Answers one line, two columns:
--   newer <version>   a newer Directus has booted this database
--   full  <reason>    steps 2-4 have to run
--   warm  <time>      they were completed with this fingerprint then
-- What is stored may have been edited by hand: whatever it is, it is compared as text.
SELECT to_regclass('trm.state') IS NOT NULL AS has_state \gset
\if :has_state
\ir count-lacking-objects.sql
\ir read-directus-tables.sql
WITH stored AS (
	SELECT value, updated_at, value ->> 'directus' AS directus FROM trm.state WHERE key = 'boot.fingerprint'
), versions AS (
	SELECT
		string_to_array(substring(directus FROM '^\d{1,6}\.\d{1,6}\.\d{1,6}'), '.')::integer[] AS of_database,
		string_to_array(substring(:'directus' FROM '^\d{1,6}\.\d{1,6}\.\d{1,6}'), '.')::integer[] AS of_image
	FROM stored
), changed AS (
	SELECT string_agg(part.key, ', ' ORDER BY part.key) AS parts
	FROM stored, jsonb_each_text(:'image'::jsonb || jsonb_build_object('tables', :'directus_tables')) AS part
	WHERE part.value IS DISTINCT FROM stored.value ->> part.key
)
SELECT verdict, detail
FROM (VALUES
	(1, 'newer', (SELECT directus FROM stored, versions WHERE of_database > of_image)),
	(2, 'full', (SELECT 'the first bootstrap of this database was interrupted' FROM trm.state WHERE key = 'bootstrap.installing')),
	(3, 'full', CASE WHEN NOT EXISTS (SELECT FROM stored) THEN 'no boot of this database was completed yet' END),
	(4, 'full', (SELECT 'the last boot was not completed' FROM stored WHERE value ->> 'completed' IS DISTINCT FROM 'true')),
	(5, 'full', (SELECT 'changed since the last boot: ' || parts FROM changed)),
	(6, 'full', CASE WHEN :'lacking_objects' <> '0' THEN 'triggers, constraints or functions of db-init/ are missing' END),
	(7, 'warm', (SELECT updated_at::timestamptz(0)::text FROM stored))
) AS verdicts (place, verdict, detail)
WHERE detail IS NOT NULL
ORDER BY place
LIMIT 1;
\else
SELECT 'full', 'no boot of this database was completed yet';
\endif
