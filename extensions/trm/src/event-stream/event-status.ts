import type { Knex } from 'knex';
import type { Sql } from '../lib/sql.js';
import { withoutCredentials } from './credentials.js';
import { judgeEventStream, type EventVerdict } from './event-state.js';
import { parseEventStatusRow, READ_STATUS, type EventStatusRow } from './event-status-row.js';

/** What `GET /event-stream/status` and `trm events status --json` give; docs/metrics.md says what each field means. */
export type EventStreamStatus = ReturnType<typeof eventStreamStatus>;

/** Milliseconds for the statement; a scrape gives up after ten seconds. */
const STATEMENT_TIMEOUT = 5_000;

// No just-in-time compilation: before the first ANALYZE a wrong estimate sets it off, and it takes seconds for a read of milliseconds.

/** Through Directus's pool. @throws what the database does. */
export async function readEventStatus(database: Knex): Promise<EventStreamStatus> {
	const { rows } = await database.transaction(
		async (transaction) => {
			await transaction.raw(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT}; SET LOCAL jit = off`);
			return transaction.raw<{ rows: unknown[] }>(READ_STATUS);
		},
		{ readOnly: true },
	);

	return eventStreamStatus(parseEventStatusRow(rows));
}

/** Through a session of a command. @throws as readEventStatus */
export async function askEventStatus(sql: Sql): Promise<EventStreamStatus> {
	await sql.run(`SET statement_timeout = ${STATEMENT_TIMEOUT}; SET jit = off`);
	return eventStreamStatus(parseEventStatusRow(await sql.rows(READ_STATUS)));
}

/** Gives a row its public shape: times as canonical text, ages and lags in seconds, sequences as numbers. */
export function eventStreamStatus(given: EventStatusRow) {
	// Redis's and the network's own words, which can repeat the URL.
	const row = { ...given, redis_problem: given.redis_problem && withoutCredentials(given.redis_problem) };
	const verdict: EventVerdict = judgeEventStream(row);

	return {
		...verdict,
		leader: row.leader_pid === null ? null : { name: row.leader, pid: row.leader_pid, since: row.leading_since },
		lag: { rows: row.waiting_rows, seconds: row.lag_seconds },
		last_sequence: row.last_sequence,
		published_sequence: row.published_sequence,
		retained: { from: row.retained_from, rows: row.retained_rows },
		stream: {
			key: row.stream,
			length: row.stream_length,
			first: row.stream_first_sequence,
			last: row.stream_last_sequence,
		},
		groups: row.groups,
		parked: {
			rows: row.parked_rows,
			total: row.parked_total,
			newest: row.newest_parked.map((event) => ({ ...event, error: withoutCredentials(event.error) })),
		},
		redis: { usable: row.redis_usable, problem: row.redis_problem, since: row.redis_since },
		reported_at: row.reported_at,
		report_age_seconds: row.report_age_seconds,
		totals: {
			rebuilt: row.rebuilt_total,
			rewound: row.rewound_total,
			parked: row.parked_total,
			trimmed_unread: row.trimmed_unread_total,
		},
	};
}
