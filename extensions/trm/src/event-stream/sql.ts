import { canonicalTimestampSql } from '../shared/timestamp.js';

const EVENT_COLUMNS = `
	stream_seq::text AS seq, event_id AS id, type, subject, data::text AS data,
	${canonicalTimestampSql('occurred_at')} AS time`;

/** One relay per database: held by the relay's own session, so it goes with the connection. */
export const TRY_TO_LEAD = "SELECT pg_try_advisory_lock(hashtext('trm.event-stream')) AS leading";

export const IS_ANY_WAITING = 'SELECT EXISTS (SELECT FROM trm.event_outbox WHERE stream_seq IS NULL) AS waiting';

/** Before CLAIM in its transaction: a statement of its own, so that CLAIM's snapshot is taken with the lock held. */
export const LOCK_HEAD = 'SELECT FROM trm.event_stream FOR UPDATE';

/** Gives the oldest waiting rows the next sequences, without a gap. */
export const CLAIM = `
	WITH waiting AS (
		SELECT id, row_number() OVER (ORDER BY id) AS place
		FROM (SELECT id FROM trm.event_outbox WHERE stream_seq IS NULL ORDER BY id LIMIT $1) AS oldest
	),
	claimed AS (
		UPDATE trm.event_outbox AS outbox
		SET stream_seq = (SELECT last_seq FROM trm.event_stream) + waiting.place
		FROM waiting
		WHERE outbox.id = waiting.id
		RETURNING outbox.*
	),
	head AS (
		UPDATE trm.event_stream SET last_seq = last_seq + (SELECT count(*) FROM claimed)
	)
	SELECT ${EVENT_COLUMNS} FROM claimed ORDER BY stream_seq`;

/** Rows that were given a sequence earlier and that Redis does not hold. */
export const READ_AFTER = `
	SELECT ${EVENT_COLUMNS} FROM trm.event_outbox
	WHERE stream_seq > $1 ORDER BY stream_seq LIMIT $2`;

export const READ_HEAD = 'SELECT last_seq::text AS last, published_seq::text AS published FROM trm.event_stream';

export const MARK_PUBLISHED = 'UPDATE trm.event_stream SET published_seq = $1 WHERE published_seq < $1';

export const READ_UNCONFIRMED = `
	SELECT stream_seq::text AS seq, event_id AS id FROM trm.event_outbox
	WHERE stream_seq > $1 AND stream_seq <= $2 ORDER BY stream_seq`;

export const TAKE_SEQUENCES_BACK = `
	UPDATE trm.event_outbox SET stream_seq = NULL WHERE stream_seq >= $1 AND event_id <> ALL($2::uuid[])`;

export const CONTINUE_AFTER = 'UPDATE trm.event_stream SET last_seq = $1, published_seq = $1';

/** Channel on which a replica that is not the leader tells the leader of new rows. */
export const WAKE_CHANNEL = 'trm_event_stream';
