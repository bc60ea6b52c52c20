import { afterEach, describe, expect, it } from 'vitest';
import { DELETE_EXPIRED } from '../../extensions/trm/src/event-stream/relay/sql-operations.js';
import { countOutbox, settledStream } from '../support/events.js';
import { eventually, type Running } from '../support/processes.js';
import { linesOf, moreRefusals, rounds, startLeader, writeVehicles } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let relay: Running;

afterEach(async () => {
	await relay?.end();
	await stack?.stop();
});

const firstEntry = async () => (await stack.redis.xrange(stack.stream, '-', '+', 'COUNT', 1))[0]?.[0];

/** @returns how many rows would go if all of them had expired. */
async function deletedIfExpired(): Promise<number> {
	const client = await stack.db.connect();
	await client.query("BEGIN; UPDATE trm.event_outbox SET sequenced_at = now() - interval '2 days'");
	const { rows } = await client.query<{ deleted: number }>(DELETE_EXPIRED, [3_600, 1_000]);
	await client.query('ROLLBACK');
	client.release();
	return rows[0]?.deleted ?? 0;
}

/** Reads as a consumer of the group, and acknowledges all of it but for the entries named. */
async function read(group: string, count: number, unacknowledged: string[] = []): Promise<void> {
	const answer = await stack.redis.xreadgroup('GROUP', group, 'a', 'COUNT', count, 'STREAMS', stack.stream, '>');
	const entries = (answer as [string, [string, string[]][]][])[0]?.[1] ?? [];
	const ids = entries.map(([id]) => id).filter((id) => !unacknowledged.includes(id));
	await stack.redis.xack(stack.stream, group, ...ids);
}

describe('published rows', () => {
	it('are deleted after EVENT_RETENTION, oldest first; what is not published stays, however old', async () => {
		stack = await startStack({ serve: false, env: { EVENT_RETENTION: '1h' } });
		relay = await startLeader(stack);
		await writeVehicles(stack, 12_000);
		await settledStream(stack);
		await stack.db.query(
			"UPDATE trm.event_outbox SET sequenced_at = now() - interval '61 minutes', occurred_at = now() - interval '2 days' WHERE stream_seq <= 11500",
		);

		await eventually('the expired ones are gone', async () => (await countOutbox(stack)) === 500);

		// Old, but waiting for a Redis that takes nothing.
		await stack.redis.config('SET', 'maxmemory', '1');
		await writeVehicles(stack, 3);
		await stack.db.query("UPDATE trm.event_outbox SET occurred_at = now() - interval '2 days'");
		// Longer than two rounds: attempts come twice as often.
		await moreRefusals(stack.redis, 'OOM', 5);
		expect(await countOutbox(stack)).toBe(503);
		// Those that have a sequence stay too. As by a leader, which comes to that only when Redis takes them.
		const given = await stack.db.query('SELECT FROM trm.event_outbox WHERE stream_seq > 12000');
		expect(given.rowCount).toBe(3);
		expect(await deletedIfExpired()).toBe(500);

		await stack.redis.config('SET', 'maxmemory', '0');
		expect(await settledStream(stack)).toHaveLength(12_003);
		// Retention counts from when they were given a sequence.
		await rounds(stack, 2);
		expect(await countOutbox(stack)).toBe(503);
	});
});

describe('the stream', () => {
	it('is trimmed behind the slowest group and its oldest unacknowledged entry', async () => {
		stack = await startStack({ serve: false, env: { EVENT_STREAM_KEEP: '5' } });
		await stack.redis.xgroup('CREATE', stack.stream, 'fast', '0', 'MKSTREAM');
		await stack.redis.xgroup('CREATE', stack.stream, 'slow', '0');
		relay = await startLeader(stack);
		await writeVehicles(stack, 100);
		await settledStream(stack);

		await read('fast', 100);
		await rounds(stack, 2);
		expect(await firstEntry()).toBe('1-0');

		await read('slow', 60, ['31-0']);
		await eventually('it is cut at the entry that is pending', async () => (await firstEntry()) === '31-0');
		await stack.redis.xack(stack.stream, 'slow', '31-0');
		await eventually('it is cut where the slow group stands', async () => (await firstEntry()) === '61-0');
		await read('slow', 100);
		await eventually('the last five stay', async () => (await firstEntry()) === '96-0');

		const { rows } = await stack.db.query(
			'SELECT groups, trimmed_unread_total::int AS unread FROM trm.event_stream_lag',
		);
		expect(rows[0].unread).toBe(0);
		expect(rows[0].groups).toHaveLength(2);
		// Trimming is no loss: what is above the end is unchanged, and nothing is sent again.
		await writeVehicles(stack, 1);
		expect((await settledStream(stack)).at(-1)?.entryId).toBe('101-0');
		expect(linesOf(relay, 'WARN')).toEqual([]);
	});

	it('is cut at EVENT_STREAM_MAX_LENGTH, whoever has not read that far: logged once, counted, and to be replayed', async () => {
		stack = await startStack({ serve: false, env: { EVENT_STREAM_KEEP: '0', EVENT_STREAM_MAX_LENGTH: '1000' } });
		await stack.redis.xgroup('CREATE', stack.stream, 'asleep', '0', 'MKSTREAM');
		await stack.redis.xgroup('CREATE', stack.stream, 'half', '0');
		relay = await startLeader(stack);
		await writeVehicles(stack, 1_500);
		const unread = () =>
			stack.db
				.query('SELECT trimmed_unread_total::int AS unread FROM trm.event_stream_lag')
				.then(({ rows }) => rows[0].unread);

		await eventually('it is cut', async () => (await stack.redis.xlen(stack.stream)) === 1_000);
		await eventually('that is counted', async () => (await unread()) === 500);
		await writeVehicles(stack, 200);
		await eventually('it is cut again', async () => (await unread()) === 700);

		expect(linesOf(relay, 'EVENT_STREAM_MAX_LENGTH')).toHaveLength(1);
		expect(linesOf(relay, 'EVENT_STREAM_MAX_LENGTH')[0]).toContain('500 entries');
		expect(await countOutbox(stack)).toBe(1_700);
	});
});
