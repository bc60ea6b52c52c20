import type { Knex } from 'knex';
import type { OutboxEvent } from '../cloud-event.js';
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
				SELECT (CAST(:types AS text[]) IS NULL OR type LIKE ANY (CAST(:types AS text[])))
					AND (CAST(:subject AS text) IS NULL OR subject LIKE CAST(:subject AS text)) AS wanted
			) AS filter
			WHERE stream_seq > :after AND stream_seq <= :to
			ORDER BY stream_seq LIMIT :limit
		) AS page
	) AS measured
	WHERE bytes_before < :bytes
	ORDER BY stream_seq`;

/** What of the outbox can be sent again. */
export interface Retained {
	/** rows below this sequence have been deleted by retention */
	from: number;
	/** the last sequence known to be in the live stream; those above it may still change */
	published: number;
}

export async function readRetained(database: Knex): Promise<Retained> {
	const { rows } = await database.raw<{ rows: { from: string; published: string }[] }>(
		'SELECT retained_from AS "from", published_seq AS published FROM trm.event_stream',
	);

	return { from: Number(rows[0]?.from), published: Number(rows[0]?.published) };
}

/** The rows of `[from, to]` in order, those that the filter leaves out included, page by page. */
export async function* outboxPages(
	database: Knex,
	{ from, to }: { from: number; to: number },
	filter: Filter,
): AsyncGenerator<ReplayRow[]> {
	for (let after = from - 1; after < to; ) {
		const { rows } = await database.raw<{ rows: ReplayRow[] }>(READ_PAGE, {
			types: filter.types,
			subject: filter.subject,
			after,
			to,
			limit: PAGE_ROWS,
			bytes: PAGE_BYTES,
		});

		const last = rows.at(-1);
		if (last === undefined) return;

		yield rows;
		after = Number(last.seq);
	}
}
