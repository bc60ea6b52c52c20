/** Each counts up in trm.event_relay for ever. */
export const COUNT_OWN_EVENT = {
	'trm.stream.rebuilt': 'UPDATE trm.event_relay SET rebuilt = rebuilt + 1',
	'trm.stream.rewound': 'UPDATE trm.event_relay SET rewound = rewound + 1',
	'trm.stream.parked': 'UPDATE trm.event_relay SET parked = parked + 1',
};

/**
 * Deletes the oldest published rows that were given their sequence more than $1 seconds ago, at most $2 of them. The range
 * begins at retained_from, so that what was deleted before is not walked over again.
 */
export const DELETE_EXPIRED = `
	WITH oldest AS (
		SELECT stream_seq, coalesce(sequenced_at, occurred_at) < now() - make_interval(secs => $1) AS is_expired
		FROM trm.event_outbox
		WHERE stream_seq >= (SELECT retained_from FROM trm.event_stream)
			AND stream_seq <= (SELECT published_seq FROM trm.event_stream)
		ORDER BY stream_seq LIMIT $2
	),
	expired AS (
		SELECT stream_seq FROM oldest
		WHERE stream_seq < coalesce((SELECT min(stream_seq) FROM oldest WHERE NOT is_expired), 'infinity'::float8)
	),
	deleted AS (
		DELETE FROM trm.event_outbox WHERE stream_seq IN (SELECT stream_seq FROM expired) RETURNING stream_seq
	)
	UPDATE trm.event_stream SET retained_from = (SELECT max(stream_seq) + 1 FROM deleted)
	WHERE EXISTS (SELECT FROM deleted)
	RETURNING (SELECT count(*)::integer FROM deleted) AS deleted`;

/** By the leader: he is alive, Redis is usable, and what only Redis knows. */
export const REPORT = `
	UPDATE trm.event_relay SET
		leading_since = CASE WHEN leader_pid = pg_backend_pid() AND leader = $1 THEN leading_since ELSE now() END,
		leader = $1, leader_pid = pg_backend_pid(), reported_at = now(),
		redis_since = CASE WHEN redis_usable THEN redis_since ELSE now() END,
		redis_usable = true, redis_problem = NULL,
		stream = $2, stream_length = $3, stream_first = $4, stream_last = $5, groups = $6::jsonb,
		trimmed_unread = trimmed_unread + $7`;

/** By the leader, or where nobody leads. */
export const REPORT_UNUSABLE = `
	UPDATE trm.event_relay SET
		reported_at = now(),
		redis_since = CASE WHEN redis_usable IS FALSE THEN redis_since ELSE now() END,
		redis_usable = false, redis_problem = $1
	WHERE (redis_usable IS DISTINCT FROM false OR redis_problem IS DISTINCT FROM $1 OR reported_at < now() - interval '2 s')
		AND coalesce(trm.event_stream_leader(), pg_backend_pid()) = pg_backend_pid()`;
