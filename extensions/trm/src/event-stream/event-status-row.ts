import { z } from 'zod';
import { canonicalTimestampSql } from '../lib/timestamp.js';

/** Parked events that a status shows; `trm events parked` lists all. */
const NEWEST_PARKED = 5;

/** bigint comes as text; sequences stay far below 2^53. */
const count = z.coerce.number().int().nonnegative();
const seconds = z.coerce.number();
const time = z.string();

const group = z.object({
	name: z.string(),
	consumers: count,
	pending: count,
	/** sequence of the oldest entry that was delivered and not acknowledged */
	oldest_pending: count.nullable().default(null),
	/** sequence */
	last_delivered: count.nullable().default(null),
	/** entries that the group has not been given; null where Redis cannot tell */
	lag: count.nullable().default(null),
});

const parkedEvent = z.object({
	event_id: z.string(),
	type: z.string(),
	subject: z.string(),
	error: z.string(),
	parked_at: time,
});

const statusRow = z.object({
	waiting_rows: count,
	lag_seconds: seconds,
	last_sequence: count,
	published_sequence: count,
	retained_from: count,
	retained_rows: count,
	/** the database session that holds the leader's lock */
	leader_pid: z.number().int().nullable(),
	/** null also while the session that leads has not reported yet */
	leader: z.string().nullable(),
	leading_since: time.nullable(),
	leading_seconds: seconds.nullable(),
	reported_at: time.nullable(),
	report_age_seconds: seconds.nullable(),
	redis_usable: z.boolean().nullable(),
	redis_problem: z.string().nullable(),
	redis_since: time.nullable(),
	redis_seconds: seconds.nullable(),
	stream: z.string().nullable(),
	stream_length: count.nullable(),
	stream_first_sequence: count.nullable(),
	stream_last_sequence: count.nullable(),
	groups: z.array(group),
	parked_rows: count,
	newest_parked: z.array(parkedEvent),
	rebuilt_total: count,
	rewound_total: count,
	parked_total: count,
	trimmed_unread_total: count,
});

/** trm.event_stream_lag (db-init/current/event-stream.sql) with ages in seconds of the database's clock, and the newest parked events. */
export type EventStatusRow = z.infer<typeof statusRow>;

const age = (column: string) => `extract(epoch FROM clock_timestamp() - ${column})::double precision`;

/**
 * One read, which counts what is waiting and what is retained in its indexes.
 * Of columns with the same name the last counts: times come as text, not as the view's timestamps.
 */
export const READ_STATUS = `
	SELECT
		lag.*,
		${canonicalTimestampSql('leading_since')} AS leading_since,
		${canonicalTimestampSql('reported_at')} AS reported_at,
		${canonicalTimestampSql('redis_since')} AS redis_since,
		${age('leading_since')} AS leading_seconds,
		${age('reported_at')} AS report_age_seconds,
		${age('redis_since')} AS redis_seconds,
		newest.parked AS newest_parked
	FROM trm.event_stream_lag AS lag
	CROSS JOIN LATERAL (
		SELECT coalesce(json_agg(latest), '[]') AS parked
		FROM (
			SELECT event_id, type, subject, error, ${canonicalTimestampSql('parked_at')} AS parked_at
			FROM trm.event_parked ORDER BY trm.event_parked.parked_at DESC, event_id LIMIT ${NEWEST_PARKED}
		) AS latest
	) AS newest`;

/** @throws ZodError where the view is not the one of this image. */
export function parseEventStatusRow(rows: unknown[]): EventStatusRow {
	return statusRow.parse(rows[0]);
}
