-- Who leads the relay, and how far it is.

-- The session that holds the leader's lock, if any.
CREATE OR REPLACE FUNCTION trm.event_stream_leader() RETURNS integer
LANGUAGE sql
STABLE
SET search_path = pg_catalog
AS $$
	SELECT locks.pid
	FROM pg_locks AS locks
	JOIN pg_database AS database ON database.oid = locks.database
	WHERE locks.locktype = 'advisory' AND locks.granted AND locks.objsubid = 1
		AND database.datname = current_database()
		AND (locks.classid::bigint << 32 | locks.objid::bigint) = hashtext('trm.event-stream')::bigint
$$;

-- Ends the leader's session when nothing has come from it for longer than that: its process hangs, or the network has
-- lost it. An idle leader asks something every second or two, and no statement of it takes longer than its time limit.
-- @returns whether a session was ended.
CREATE OR REPLACE FUNCTION trm.depose_silent_leader(silence interval) RETURNS boolean
LANGUAGE sql
VOLATILE
SET search_path = pg_catalog
AS $$
	SELECT coalesce(bool_or(pg_terminate_backend(pid)), false)
	FROM pg_stat_activity
	WHERE pid = trm.event_stream_leader() AND pid <> pg_backend_pid()
		AND greatest(state_change, query_start) < clock_timestamp() - silence
$$;

-- The stream's state in one row, also when no Directus runs: psql -xc 'SELECT * FROM trm.event_stream_lag'.
CREATE OR REPLACE VIEW trm.event_stream_lag AS
SELECT
	waiting.rows AS waiting_rows,
	greatest(extract(epoch FROM clock_timestamp() - waiting.oldest), 0)::double precision AS lag_seconds,
	head.last_seq AS last_sequence,
	head.published_seq AS published_sequence,
	head.retained_from AS retained_from,
	-- Counted: sequences leap after a restored backup or a foreign entry.
	(SELECT count(*) FROM trm.event_outbox WHERE stream_seq >= head.retained_from) AS retained_rows,
	(SELECT count(*) FROM trm.event_parked) AS parked_rows,
	lock.pid AS leader_pid,
	CASE WHEN lock.pid = relay.leader_pid THEN relay.leader END AS leader,
	CASE WHEN lock.pid = relay.leader_pid THEN relay.leading_since END AS leading_since,
	relay.reported_at,
	relay.redis_usable,
	relay.redis_problem,
	relay.redis_since,
	relay.stream,
	relay.stream_length,
	relay.stream_first AS stream_first_sequence,
	relay.stream_last AS stream_last_sequence,
	relay.groups,
	relay.rebuilt AS rebuilt_total,
	relay.rewound AS rewound_total,
	relay.parked AS parked_total,
	relay.trimmed_unread AS trimmed_unread_total
FROM trm.event_stream AS head
CROSS JOIN trm.event_relay AS relay
CROSS JOIN LATERAL (SELECT trm.event_stream_leader() AS pid) AS lock
CROSS JOIN LATERAL (
	-- Two index ranges, of what has no sequence yet and of what may not have reached Redis: never the whole table.
	SELECT sum(part.rows)::bigint AS rows, min(part.oldest) AS oldest
	FROM (
		SELECT count(*) AS rows, min(occurred_at) AS oldest FROM trm.event_outbox WHERE stream_seq IS NULL
		UNION ALL
		SELECT count(*), min(occurred_at) FROM trm.event_outbox WHERE stream_seq > head.published_seq
	) AS part
) AS waiting;

COMMENT ON VIEW trm.event_stream_lag IS 'one row; what Redis alone knows (redis_*, stream_*, groups) is as old as reported_at';
