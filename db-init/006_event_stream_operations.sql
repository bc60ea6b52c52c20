-- What running the event stream for months needs: retention, parked events, and a place where the leader reports.

SET LOCAL lock_timeout = '5s';

-- Retention counts from here and not from occurred_at: an event that waited for Redis longer than that is kept all the same.
ALTER TABLE trm.event_outbox ADD COLUMN sequenced_at timestamptz;
COMMENT ON COLUMN trm.event_outbox.sequenced_at IS 'when the leader gave the row its stream_seq; null for rows of before this column';

ALTER TABLE trm.event_stream
	ADD COLUMN retained_from bigint NOT NULL DEFAULT 1,
	ADD COLUMN incarnation text,
	ADD COLUMN suspect_seq bigint,
	ADD COLUMN suspect_attempts integer NOT NULL DEFAULT 0;

COMMENT ON COLUMN trm.event_stream.retained_from IS 'published rows below this sequence have been deleted by retention';
COMMENT ON COLUMN trm.event_stream.incarnation IS 'which database this was when a leader last looked; a restored backup is another';
COMMENT ON COLUMN trm.event_stream.suspect_seq IS 'the row that is being sent alone, because sending it with others failed';
COMMENT ON COLUMN trm.event_stream.suspect_attempts IS 'how often that row was tried alone; counted before each try, so that a crash counts too';

-- A table of its own: what is parked costs neither the claim nor the order of the others anything.
CREATE TABLE trm.event_parked (
	event_id    uuid PRIMARY KEY,
	type        text NOT NULL,
	subject     text NOT NULL,
	occurred_at timestamptz NOT NULL,
	data        jsonb NOT NULL,
	notice_seq  bigint NOT NULL,
	attempts    integer NOT NULL,
	error       text NOT NULL,
	parked_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE trm.event_parked IS 'events that could not be sent; in the stream a trm.stream.parked event stands at notice_seq in their place';

-- One row, written by the leader every few seconds and by nobody else: what only Redis knows, for whoever asks Postgres.
CREATE TABLE trm.event_relay (
	singleton      boolean PRIMARY KEY DEFAULT true CHECK (singleton),
	leader         text,
	leader_pid     integer,
	leading_since  timestamptz,
	reported_at    timestamptz,
	redis_usable   boolean,
	redis_problem  text,
	redis_since    timestamptz,
	stream         text,
	stream_length  bigint,
	stream_first   bigint,
	stream_last    bigint,
	groups         jsonb NOT NULL DEFAULT '[]',
	rebuilt        bigint NOT NULL DEFAULT 0,
	rewound        bigint NOT NULL DEFAULT 0,
	parked         bigint NOT NULL DEFAULT 0,
	trimmed_unread bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO trm.event_relay DEFAULT VALUES;

COMMENT ON COLUMN trm.event_relay.leader IS 'the replica that led last, host:process';
COMMENT ON COLUMN trm.event_relay.groups IS '[{name, consumers, pending, oldest_pending, last_delivered, lag}] with sequences; lag in events';
COMMENT ON COLUMN trm.event_relay.rebuilt IS 'how often Redis was found to have lost entries; counts up for ever, as do the three after it';
COMMENT ON COLUMN trm.event_relay.rewound IS 'how often Postgres was found to have been restored from an older backup';
COMMENT ON COLUMN trm.event_relay.parked IS 'how many events were ever parked';
COMMENT ON COLUMN trm.event_relay.trimmed_unread IS 'entries that the hard cap removed before every group had read them';

-- The session that holds the leader's lock, if any.
CREATE FUNCTION trm.event_stream_leader() RETURNS integer
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
CREATE FUNCTION trm.depose_silent_leader(silence interval) RETURNS boolean
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
CREATE VIEW trm.event_stream_lag AS
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
