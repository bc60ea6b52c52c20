-- The comparison as one JSON object.
SELECT json_build_object(
	'directory', :'directory',
	'runner_version', :'runner_version',
	'ok', count(*) FILTER (WHERE state NOT IN ('applied', 'pending', 'gone')) = 0,
	'applied', count(*) FILTER (WHERE state = 'applied'),
	'pending', count(*) FILTER (WHERE state = 'pending'),
	'problems', count(*) FILTER (WHERE state NOT IN ('applied', 'pending', 'gone')),
	'files', coalesce(json_agg(json_build_object(
		'filename', filename, 'state', state, 'expected_sha256', expected_sha256, 'found_sha256', found_sha256,
		'applied_at', to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'duration_ms', duration_ms, 'runner_version', runner_version
	) ORDER BY filename), '[]'::json)
) FROM (:comparison) AS comparison;
