import { withoutCredentials } from '../credentials.js';
import type { Sql } from '../../lib/sql.js';
import { canonicalTimestampSql } from '../../lib/timestamp.js';

/** A row of trm.event_parked, without its data, which may be why it could not be sent. */
export interface ParkedEvent {
	event_id: string;
	type: string;
	subject: string;
	occurred_at: string;
	/** of its data as JSON */
	bytes: number;
	/** sequence at which a trm.stream.parked event stands in its place */
	notice_seq: number;
	attempts: number;
	error: string;
	parked_at: string;
}

const READ_PARKED = `
	SELECT event_id, type, subject, ${canonicalTimestampSql('occurred_at')} AS occurred_at,
		octet_length(CAST(data AS text)) AS bytes, CAST(notice_seq AS float8) AS notice_seq, attempts, error,
		${canonicalTimestampSql('parked_at')} AS parked_at
	FROM trm.event_parked AS parked ORDER BY parked.notice_seq`;

/** @returns all of them, in the order in which they would have been sent. */
export async function readParked(sql: Sql): Promise<ParkedEvent[]> {
	const rows = await sql.rows<ParkedEvent>(READ_PARKED);
	return rows.map((event) => ({ ...event, error: withoutCredentials(event.error) }));
}

export function parkedLines(events: ParkedEvent[]): string[] {
	if (events.length === 0) return ['no event is parked'];

	return events.flatMap(({ event_id, type, subject, bytes, notice_seq, attempts, error, parked_at }) => [
		`${event_id} ${type} ${subject}, ${bytes} bytes, parked ${parked_at} after ${attempts} attempts, notice at ${notice_seq}`,
		`  ${error.replaceAll(/\s+/g, ' ')}`,
	]);
}

/** One statement: what leaves the one table is in the other, with a new place at the end of the queue. */
const RETRY = `
	WITH taken AS (
		DELETE FROM trm.event_parked
		WHERE $1::uuid[] IS NULL OR event_id = ANY ($1::uuid[])
		RETURNING *
	)
	INSERT INTO trm.event_outbox (event_id, type, subject, occurred_at, data)
	SELECT event_id, type, subject, occurred_at, data FROM taken ORDER BY notice_seq
	RETURNING event_id`;

/** Walks the whole outbox; only for ids that were not found parked. */
const FIND_IN_OUTBOX = 'SELECT DISTINCT event_id FROM trm.event_outbox WHERE event_id = ANY ($1::uuid[])';

export interface RetryOutcome {
	/** ids of events that wait in the outbox again, in the order in which they will be sent */
	returned: string[];
	/** ids that were in the outbox already: an earlier call has put them there */
	earlier: string[];
	unknown: string[];
}

/** Puts parked events back into the outbox, to be sent after everything that waits. @param ids null for all. */
export async function retryParked(sql: Sql, ids: string[] | null): Promise<RetryOutcome> {
	const returned = await readIds(sql, RETRY, ids);
	const others = (ids ?? []).filter((id) => !returned.includes(id));
	const earlier = others.length === 0 ? [] : await readIds(sql, FIND_IN_OUTBOX, others);

	return { returned, earlier, unknown: others.filter((id) => !earlier.includes(id)) };
}

export function retryLines({ returned, earlier, unknown }: RetryOutcome): string[] {
	return [
		...earlier.map((id) => `${id} is in the outbox already`),
		...unknown.map((id) => `${id} is not parked`),
		`${returned.length} events put back into the outbox`,
	];
}

async function readIds(sql: Sql, statement: string, ids: string[] | null): Promise<string[]> {
	const rows = await sql.rows<{ event_id: string }>(statement, [ids]);
	return rows.map(({ event_id }) => event_id);
}
