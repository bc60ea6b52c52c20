-- The transactional outbox: what happened is written in the transaction in which it happened; the relay publishes it.
-- Schema trm and the migration ledger exist already: the runner makes them before it applies its first file.

CREATE TABLE trm.event_outbox (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	event_id    uuid NOT NULL DEFAULT gen_random_uuid(),
	type        text NOT NULL,
	subject     text NOT NULL,
	occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	data        jsonb NOT NULL,
	stream_seq  bigint
);

COMMENT ON TABLE trm.event_outbox IS 'events in the order of their rows'' locks; stream_seq is null until the relay has claimed the row';
COMMENT ON COLUMN trm.event_outbox.stream_seq IS 'place in the Redis stream (entry id <stream_seq>-0), assigned without gaps by the leader';

-- Claiming costs what is waiting, never what is retained.
CREATE INDEX event_outbox_waiting ON trm.event_outbox (id) WHERE stream_seq IS NULL;
CREATE UNIQUE INDEX event_outbox_stream_seq ON trm.event_outbox (stream_seq) WHERE stream_seq IS NOT NULL;

-- One row: the last sequence given to a row, and the last one that Redis is known to hold.
-- A row and not a SQL sequence: a sequence leaves gaps on rollback, and consumers detect loss by a gap.
CREATE TABLE trm.event_stream (
	singleton     boolean PRIMARY KEY DEFAULT true CHECK (singleton),
	last_seq      bigint NOT NULL DEFAULT 0,
	published_seq bigint NOT NULL DEFAULT 0
);
INSERT INTO trm.event_stream DEFAULT VALUES;
