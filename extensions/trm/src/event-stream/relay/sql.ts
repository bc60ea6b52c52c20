import { canonicalTimestampSql } from '../../lib/timestamp.js';

/** Channel on which a replica that is not the leader tells the leader of new rows. */
export const WAKE_CHANNEL = 'trm_event_stream';

/**
 * A session that stopped answering must not keep the lock: the server ends it soon by itself where the other side is gone,
 * and no statement runs longer than a leader may be silent. No just-in-time compilation: it takes longer than any of these
 * statements, and a wrong estimate is enough to set it off (a tenth of the throughput).
 */
export const SETTINGS = `
	SET application_name = 'trm-event-stream';
	SET idle_session_timeout = 0;
	SET idle_in_transaction_session_timeout = '10s';
	SET statement_timeout = '4s';
	SET jit = off;
	SET tcp_keepalives_idle = 5;
	SET tcp_keepalives_interval = 2;
	SET tcp_keepalives_count = 3;
	LISTEN ${WAKE_CHANNEL}`;

/** A statement whose numbered values are numbers, with these in it: several statements in one message take no values. */
export const withNumbers = (sql: string, ...numbers: number[]) =>
	sql.replace(/\$(\d)/g, (_, place) => String(numbers[Number(place) - 1]));

/** One relay per database: held by the relay's own session, so it goes with the connection. */
export const TRY_TO_LEAD = "SELECT pg_try_advisory_lock(hashtext('trm.event-stream')) AS leading";

export const RESIGN = "SELECT pg_advisory_unlock(hashtext('trm.event-stream'))";

export const DEPOSE_SILENT_LEADER = 'SELECT trm.depose_silent_leader(make_interval(secs => $1)) AS deposed';

/** Says that the leader lives: the session's last statement is what others judge it by. */
export const SIGN_OF_LIFE = 'SELECT';

/** In the order of an index: statistics from a time when much was waiting would make a scan of the whole outbox look cheap. */
export const IS_ANY_WAITING = `
	SELECT EXISTS (SELECT FROM trm.event_outbox WHERE stream_seq IS NULL ORDER BY id LIMIT 1) AS waiting`;

/** Before CLAIM in its transaction: a statement of its own, so that CLAIM's snapshot is taken with the lock held. */
export const LOCK_HEAD = 'SELECT FROM trm.event_stream FOR UPDATE';

/** Gives the oldest waiting rows the next sequences, without a gap. Their data stay where they are: one may be huge. */
export const CLAIM = `
	WITH waiting AS (
		SELECT id, row_number() OVER (ORDER BY id) AS place
		FROM (SELECT id FROM trm.event_outbox WHERE stream_seq IS NULL ORDER BY id LIMIT $1) AS oldest
	),
	claimed AS (
		UPDATE trm.event_outbox AS outbox
		SET stream_seq = (SELECT last_seq FROM trm.event_stream) + waiting.place, sequenced_at = now()
		FROM waiting
		WHERE outbox.id = waiting.id
		RETURNING 1
	)
	UPDATE trm.event_stream SET last_seq = last_seq + (SELECT count(*) FROM claimed)
	RETURNING last_seq::text AS last`;

/** In order from a sequence on: at most $2 rows, and after the first no more than $3 bytes, as they are stored. */
export const READ_AFTER = `
	SELECT
		stream_seq::text AS seq, event_id AS id, type, subject, data::text AS data,
		${canonicalTimestampSql('occurred_at')} AS time
	FROM (
		SELECT *, sum(pg_column_size(data)) OVER (ORDER BY stream_seq) - pg_column_size(data) AS bytes_before
		FROM (SELECT * FROM trm.event_outbox WHERE stream_seq > $1 ORDER BY stream_seq LIMIT $2) AS page
	) AS sized
	WHERE bytes_before <= $3
	ORDER BY stream_seq`;

/** The next row without what may be wrong with it. */
export const PEEK_AFTER = `
	SELECT stream_seq::text AS seq, event_id AS id, type, subject
	FROM trm.event_outbox WHERE stream_seq > $1 ORDER BY stream_seq LIMIT 1`;

/** A restored database has another number of its own, or its server has another one, or another history. */
const INCARNATION = `
	concat_ws('/',
		(SELECT system_identifier FROM pg_control_system()),
		(SELECT timeline_id FROM pg_control_checkpoint()),
		(SELECT oid FROM pg_database WHERE datname = current_database()))`;

export const READ_HEAD = `
	SELECT last_seq::text AS last, published_seq::text AS published, retained_from::text AS "retainedFrom",
		coalesce(incarnation <> ${INCARNATION}, false) AS "isOtherDatabase"
	FROM trm.event_stream`;

export const REMEMBER_DATABASE = `
	UPDATE trm.event_stream SET incarnation = ${INCARNATION} WHERE incarnation IS DISTINCT FROM ${INCARNATION}`;

export const MARK_PUBLISHED = 'UPDATE trm.event_stream SET published_seq = $1 WHERE published_seq < $1';

export const READ_IDS = `
	SELECT stream_seq::text AS seq, event_id AS id FROM trm.event_outbox WHERE stream_seq BETWEEN $1 AND $2`;

/** Those of the events $1 that are waiting, or have a sequence from $2 on. */
export const FIND_AMONG = `
	SELECT event_id AS id FROM trm.event_outbox WHERE stream_seq IS NULL AND event_id = ANY ($1::uuid[])
	UNION ALL
	SELECT event_id FROM trm.event_outbox WHERE stream_seq >= $2 AND event_id = ANY ($1::uuid[])`;

/** Of at most $2 rows from sequence $1 on: all at once could take longer than a statement may. */
export const TAKE_SEQUENCES_BACK = `
	UPDATE trm.event_outbox SET stream_seq = NULL
	WHERE stream_seq IN (SELECT stream_seq FROM trm.event_outbox WHERE stream_seq >= $1 ORDER BY stream_seq LIMIT $2)
	RETURNING 1`;

/** Two lists of the same length: the events and the sequences that they have in the stream. */
export const GIVE_SEQUENCES = `
	UPDATE trm.event_outbox AS outbox
	SET stream_seq = given.seq, sequenced_at = coalesce(outbox.sequenced_at, now())
	FROM unnest($1::uuid[], $2::bigint[]) AS given (id, seq)
	WHERE outbox.event_id = given.id AND outbox.stream_seq IS NULL`;

export const SET_HEAD = 'UPDATE trm.event_stream SET last_seq = $1, published_seq = $2';

/** An event of the stream itself, with a sequence of its own at once: its place is not behind what waits. */
export const INSERT_OWN_EVENT = `
	INSERT INTO trm.event_outbox (type, subject, data, stream_seq, sequenced_at) VALUES ($1, $2, $3::jsonb, $4, now())`;

export const COUNT_ATTEMPT = `
	UPDATE trm.event_stream
	SET suspect_seq = $1, suspect_attempts = CASE WHEN suspect_seq = $1 THEN suspect_attempts + 1 ELSE 1 END
	RETURNING suspect_attempts AS attempts`;

export const PARK = `
	WITH parked AS (DELETE FROM trm.event_outbox WHERE stream_seq = $1 RETURNING *)
	INSERT INTO trm.event_parked (event_id, type, subject, occurred_at, data, notice_seq, attempts, error)
	SELECT event_id, type, subject, occurred_at, data, $1, $2, $3 FROM parked
	RETURNING event_id AS event, type, subject, ${canonicalTimestampSql('occurred_at')} AS time, attempts, error`;

export const FORGET_SUSPECT = `
	UPDATE trm.event_stream SET suspect_seq = NULL, suspect_attempts = 0 WHERE suspect_seq IS NOT NULL`;
