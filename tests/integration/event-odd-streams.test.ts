import { afterEach, describe, expect, it } from 'vitest';
import { settledStream } from '../support/events.js';
import { eventually, type Running } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';
import {
	expectExactlyOnce,
	linesOf,
	moreRefusals,
	rounds,
	startLeader,
	startRelay,
	writeVehicles,
} from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let relay: Running;
let other: RedisServer | null = null;

afterEach(async () => {
	await relay?.end();
	await other?.remove();
	other = null;
	await stack?.stop();
});

const publishedUpTo = async () => {
	const { rows } = await stack.db.query('SELECT published_sequence::int AS seq FROM trm.event_stream_lag');
	return rows[0].seq as number;
};

const lastEntry = async () => (await stack.redis.xrevrange(stack.stream, '+', '-', 'COUNT', 1))[0]?.[0];

/** Reads and acknowledges everything as a group. @returns the event ids. */
async function readAll(): Promise<string[]> {
	const answer = await stack.redis.xreadgroup('GROUP', 'g', 'a', 'STREAMS', stack.stream, '>');
	const entries = (answer as [string, [string, string[]][]][] | null)?.[0]?.[1] ?? [];
	if (entries.length > 0) await stack.redis.xack(stack.stream, 'g', ...entries.map(([id]) => id));
	return entries.map(([, fields]) => fields[fields.indexOf('id') + 1] as string);
}

describe('what was sent and not marked as published', () => {
	it('is marked by the next leader, without a write to set it off', async () => {
		stack = await startStack({ serve: false });
		relay = await startLeader(stack);
		await writeVehicles(stack, 5);
		await settledStream(stack);
		await relay.end('SIGKILL');
		await stack.db.query('UPDATE trm.event_stream SET published_seq = 3');

		relay = await startLeader(stack);
		await eventually('it is marked', async () => (await publishedUpTo()) === 5);
		expect(await expectExactlyOnce(stack)).toHaveLength(5);
	});

	it('is not sent again where it was read and trimmed meanwhile', async () => {
		stack = await startStack({ serve: false, env: { EVENT_STREAM_KEEP: '0' } });
		await stack.redis.xgroup('CREATE', stack.stream, 'g', '0', 'MKSTREAM');
		relay = await startLeader(stack);
		await writeVehicles(stack, 200);
		await settledStream(stack);
		const read = await readAll();
		await eventually('all is trimmed', async () => (await stack.redis.xlen(stack.stream)) === 0);
		await relay.end('SIGKILL');
		await stack.db.query('UPDATE trm.event_stream SET published_seq = 100');

		relay = await startLeader(stack);
		await eventually('it is marked', async () => (await publishedUpTo()) === 200);
		await writeVehicles(stack, 1);
		await eventually('the next one comes', async () => (await lastEntry()) === '201-0');
		read.push(...(await readAll()));

		expect(read).toHaveLength(201);
		expect(new Set(read).size).toBe(201);
		expect(linesOf(relay, 'WARN')).toEqual([]);
	});
});

describe('a relay that was set to an empty Redis for a while', () => {
	it('sends nothing twice to the right one, though that was trimmed', async () => {
		stack = await startStack({ serve: false, env: { EVENT_STREAM_KEEP: '100' } });
		await stack.redis.xgroup('CREATE', stack.stream, 'g', '0', 'MKSTREAM');
		relay = await startLeader(stack);
		await writeVehicles(stack, 3_000);
		await settledStream(stack);
		const read = await readAll();
		await eventually('most is trimmed', async () => (await stack.redis.xlen(stack.stream)) === 100);
		await relay.end();

		// It takes some of what it is given and then no more.
		other = await RedisServer.start();
		const full = await startRelayOnFull(other);
		await full.end();

		relay = await startLeader(stack);
		await writeVehicles(stack, 1);
		await eventually('the next one comes', async () => (await lastEntry()) === '3002-0');
		read.push(...(await readAll()));

		// The event that told the other Redis of its rebuilding is one of these.
		expect(read).toHaveLength(3_002);
		expect(new Set(read).size).toBe(3_002);
	});

	async function startRelayOnFull(server: RedisServer): Promise<Running> {
		const client = stack.redis.duplicate({ port: Number(new URL(server.url).port) });
		await client.config('SET', 'maxmemory', '2mb');
		const started = startRelay(stack, { REDIS: server.url });
		await eventually('it is full', () => linesOf(started, 'OOM').length > 0);
		expect(await client.xlen(stack.stream)).toBeLessThan(3_000);
		expect(await publishedUpTo()).toBeLessThan(3_000);
		client.disconnect();
		return started;
	}
});

describe('consumer groups that are no help', () => {
	it('keep nothing back and leave the report readable', async () => {
		stack = await startStack({ serve: false, env: { EVENT_STREAM_KEEP: '0' } });
		const nameless = Buffer.from([0x67, 0xff, 0xfe]);
		await stack.redis.xgroup('CREATE', stack.stream, 'a\0b', '0', 'MKSTREAM');
		await stack.redis.xgroup('CREATE', stack.stream, nameless, '0');
		await stack.redis.xgroup('CREATE', stack.stream, 'far', '18446744073709551615-0');
		relay = await startLeader(stack);
		await writeVehicles(stack, 3);
		await settledStream(stack);
		await stack.redis.xreadgroup('GROUP', nameless, 'a', 'COUNT', 2, 'STREAMS', stack.stream, '>');
		await writeVehicles(stack, 2_000);
		await settledStream(stack, 20_000);

		await eventually('the report has them', async () => {
			const { rows } = await stack.db.query('SELECT groups, last_sequence::int AS last FROM trm.event_stream_lag');
			const [first, second, third] = [...rows[0].groups].sort((a, b) => a.last_delivered - b.last_delivered);
			if (first?.lag !== 2_003 || second?.pending !== 2) return false;
			expect(first.name).toBe('a\uFFFDb');
			expect(second).toMatchObject({ pending: 2, oldest_pending: 1, last_delivered: 2, lag: 2_001 });
			expect(third).toMatchObject({ name: 'far', last_delivered: Number.MAX_SAFE_INTEGER, lag: 0 });
			return true;
		});

		expect(linesOf(relay, 'WARN')).toEqual([]);
	});

	it('are skipped when they go between two looks', async () => {
		stack = await startStack({ serve: false });
		await stack.redis.xgroup('CREATE', stack.stream, 'stays', '0', 'MKSTREAM');
		relay = await startLeader(stack);
		let isLooking = true;
		const looks = rounds(stack, 5).finally(() => (isLooking = false));

		while (isLooking) {
			await stack.redis.xgroup('CREATE', stack.stream, 'goes', '0');
			await stack.redis.xadd(`${stack.stream}:other`, '*', 'a', 'b');
			await stack.redis.xgroup('DESTROY', stack.stream, 'goes');
		}

		await looks;

		expect(linesOf(relay, 'WARN')).toEqual([]);
	});
});

describe('a Redis without EVAL', () => {
	it('is not usable, says why once, and nothing is parked', async () => {
		stack = await startStack({ serve: false });
		other = await RedisServer.start({ configuration: ['rename-command EVAL ""', 'rename-command EVALSHA ""'] });
		relay = startRelay(stack, { REDIS: other.url });
		await writeVehicles(stack, 3);

		await eventually('the view has the reason', async () => {
			const { rows } = await stack.db.query('SELECT redis_usable, redis_problem FROM trm.event_stream_lag');
			return rows[0].redis_usable === false && String(rows[0].redis_problem).includes('unknown command');
		});
		const client = stack.redis.duplicate({ port: other.port });
		await moreRefusals(client, 'ERR', 8);
		client.disconnect();

		expect(linesOf(relay, 'WARN')).toHaveLength(1);
		expect((await stack.db.query('SELECT FROM trm.event_parked')).rowCount).toBe(0);
		await relay.end();
		relay = await startLeader(stack);
		expect(await settledStream(stack)).toHaveLength(3);
	});
});
