-- The transactional outbox: what happened is written in the transaction in which it happened; the relay publishes it.
-- Schema trm and the migration ledger exist already: the runner makes them before it applies its first file.

CREATE TABLE trm.event_outbox (
	id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	event_id     uuid NOT NULL DEFAULT gen_random_uuid(),
	type         text NOT NULL,
	subject      text NOT NULL,
	occurred_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	data         jsonb NOT NULL,
	stream_seq   bigint,
	-- Retention counts from here and not from occurred_at: an event that waited for Redis longer than that is kept all the same.
	sequenced_at timestamptz
);

COMMENT ON TABLE trm.event_outbox IS 'events in the order of their rows'' locks; stream_seq is null until the relay has claimed the row';
COMMENT ON COLUMN trm.event_outbox.stream_seq IS 'place in the Redis stream (entry id <stream_seq>-0), assigned without gaps by the leader';
COMMENT ON COLUMN trm.event_outbox.sequenced_at IS 'when the leader gave the row its stream_seq';

-- Claiming costs what is waiting, never what is retained.
CREATE INDEX event_outbox_waiting ON trm.event_outbox (id) WHERE stream_seq IS NULL;
CREATE UNIQUE INDEX event_outbox_stream_seq ON trm.event_outbox (stream_seq) WHERE stream_seq IS NOT NULL;

-- One row: the last sequence given to a row, and the last one that Redis is known to hold.
-- A row and not a SQL sequence: a sequence leaves gaps on rollback, and consumers detect loss by a gap.
CREATE TABLE trm.event_stream (
	singleton        boolean PRIMARY KEY DEFAULT true CHECK (singleton),
	last_seq         bigint NOT NULL DEFAULT 0,
	published_seq    bigint NOT NULL DEFAULT 0,
	retained_from    bigint NOT NULL DEFAULT 1,
	incarnation      text,
	suspect_seq      bigint,
	suspect_attempts integer NOT NULL DEFAULT 0
);
INSERT INTO trm.event_stream DEFAULT VALUES;

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

-- One row, which the leader alone writes every few seconds. Postgres can so answer what otherwise only Redis knows.
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
