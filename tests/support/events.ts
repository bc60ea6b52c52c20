import { parseEvent } from '../../packages/event-contract/index.js';
import { eventually } from './processes.js';
import type { Stack } from './stack.js';

/** A stream entry with its fields by name and `data` parsed. */
export interface StreamEvent {
	entryId: string;
	fields: Record<string, string>;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test reads the part it is about
	data: any;
}

/** What of a stack its events need. */
type Events = Pick<Stack, 'db' | 'redis' | 'stream'>;

/** The whole stream, oldest first. @throws EventError for an event that is not as the contract says */
export async function readStream({ redis, stream }: Pick<Events, 'redis' | 'stream'>): Promise<StreamEvent[]> {
	const entries = await redis.xrange(stream, '-', '+');

	return entries.map(([entryId, pairs]) => {
		const fields: Record<string, string> = {};
		for (let i = 0; i < pairs.length; i += 2) fields[pairs[i] as string] = pairs[i + 1] as string;
		// What a test puts there besides has no version of CloudEvents, or a type of its own.
		if ('specversion' in fields && !fields['type']?.startsWith('trm.test.')) parseEvent([entryId, pairs]);
		return { entryId, fields, data: JSON.parse(fields['data'] ?? 'null') };
	});
}

/** Waits until every outbox row is published, and returns the stream. */
export async function settledStream(stack: Events, timeout?: number): Promise<StreamEvent[]> {
	await eventually(
		'the outbox is published',
		async () => {
			const { rows } = await stack.db.query<{ settled: boolean }>(
				`SELECT NOT EXISTS (SELECT FROM trm.event_outbox WHERE stream_seq IS NULL) AND last_seq = published_seq AS settled
				FROM trm.event_stream`,
			);

			return rows[0]?.settled;
		},
		timeout,
	);

	return readStream(stack);
}

/** How many events the outbox holds: what a test's writes add is the difference. */
export async function countOutbox({ db }: Stack): Promise<number> {
	const { rows } = await db.query<{ count: number }>('SELECT count(*)::int AS count FROM trm.event_outbox');
	return rows[0]?.count ?? 0;
}
