import type { OutboxEvent } from '../cloud-event.js';
import type { Sql } from '../../lib/sql.js';
import { canonicalTimestampSql } from '../../lib/timestamp.js';

/** Rows and bytes of one page: what is held in memory, in Postgres, here and in Redis. One row may be larger. */
const PAGE_ROWS = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;

/** A published row, and whether the filter takes it; what it does not take comes without its data. */
export interface ReplayRow extends OutboxEvent {
	isWanted: boolean;
}

interface Filter {
	/** patterns of LIKE, of which one must fit; null for every type */
	types: string[] | null;
	subject: string | null;
}

/** By key and not by offset, so that the millionth row costs what the first did. */
const READ_PAGE = `
	SELECT seq, id, type, subject, time, data, wanted AS "isWanted"
	FROM (
		SELECT *, coalesce(sum(octet_length(data)) OVER (
			ORDER BY stream_seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
		), 0) AS bytes_before
		FROM (
			SELECT stream_seq, CAST(stream_seq AS text) AS seq, event_id AS id, type, subject, wanted,
				CASE WHEN wanted THEN CAST(data AS text) ELSE '' END AS data,
				${canonicalTimestampSql('occurred_at')} AS time
			FROM trm.event_outbox
			CROSS JOIN LATERAL (
				SELECT ($1::text[] IS NULL OR type LIKE ANY ($1::text[])) AND ($2::text IS NULL OR subject LIKE $2::text) AS wanted
			) AS filter
			WHERE stream_seq > $3 AND stream_seq <= $4
			ORDER BY stream_seq LIMIT $5
		) AS page
	) AS measured
	WHERE bytes_before < $6
	ORDER BY stream_seq`;

/** What of the outbox can be sent again. */
export interface Retained {
	/** rows below this sequence have been deleted by retention */
	from: number;
	/** the last sequence known to be in the live stream; those above it may still change */
	published: number;
}

export async function readRetained(sql: Sql): Promise<Retained> {
	const rows = await sql.rows<{ from: string; published: string }>(
		'SELECT retained_from AS "from", published_seq AS published FROM trm.event_stream',
	);

	return { from: Number(rows[0]?.from), published: Number(rows[0]?.published) };
}

/** The rows of `[from, to]` in order, those that the filter leaves out included, page by page. */
export async function* outboxPages(
	sql: Sql,
	{ from, to }: { from: number; to: number },
	filter: Filter,
): AsyncGenerator<ReplayRow[]> {
	for (let after = from - 1; after < to; ) {
		const values = [filter.types, filter.subject, after, to, PAGE_ROWS, PAGE_BYTES];
		const rows = await sql.rows<ReplayRow>(READ_PAGE, values);

		const last = rows.at(-1);
		if (last === undefined) return;

		yield rows;
		after = Number(last.seq);
	}
}
