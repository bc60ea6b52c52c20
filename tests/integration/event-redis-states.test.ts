import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Link } from '../support/link.js';
import { settledStream } from '../support/events.js';
import { eventually, freePort, type Running } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';
import {
	contenders,
	expectExactlyOnce,
	IMPATIENT,
	linesOf,
	startLeader,
	startRelay,
	writeVehicles,
} from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

/** Milliseconds in which a replica without Redis tries several times. */
const ATTEMPTS = 500;

let stack: Stack;
let master: RedisServer;
let link: Link;
let relays: Running[];

beforeAll(async () => {
	[stack, master] = await Promise.all([startStack({ serve: false }), RedisServer.start()]);
	link = await Link.open(await freePort(), stack.redisServer.port);
	await admitRelays();
	const env = { REDIS: `redis://relay:right@127.0.0.1:${link.port}/0` };
	relays = [await startLeader(stack, env, IMPATIENT), startRelay(stack, env, IMPATIENT)];
	await eventually('the other replica is there', async () => (await contenders(stack)) === 1);
});

afterAll(async () => {
	await Promise.all((relays ?? []).map((relay) => relay.end()));
	await link?.close();
	await stack?.stop();
	await master?.remove();
});

const lines = (text: string) => (relays ?? []).flatMap((relay) => linesOf(relay, text));

async function view() {
	const { rows } = await stack.db.query<{ redis_usable: boolean; redis_problem: string | null; waiting_rows: string }>(
		'SELECT redis_usable, redis_problem, waiting_rows FROM trm.event_stream_lag',
	);

	return rows[0];
}

/** SQL that the test writes all the while, a row at a time, each in a transaction of its own. */
async function writeFor(duration: number): Promise<void> {
	for (const end = Date.now() + duration; Date.now() < end; ) {
		await writeVehicles(stack, 1);
		await sleep(20);
	}
}

/** A user of their own: the test's client is the default user. It is gone when Redis is started again. */
const admitRelays = () => stack.redis.call('ACL', 'SETUSER', 'relay', 'reset', 'on', '>right', '~*', '+@all');

async function killClients(): Promise<void> {
	await stack.redis.call('CLIENT', 'KILL', 'USER', 'relay').catch(() => undefined);
}

const states: [name: string, reason: RegExp, begin: () => unknown, end: () => unknown][] = [
	[
		'is a replica, which is read-only',
		/READONLY/,
		() => stack.redis.call('REPLICAOF', '127.0.0.1', master.port),
		() => stack.redis.call('REPLICAOF', 'NO', 'ONE'),
	],
	[
		'has another password',
		/WRONGPASS/,
		async () => {
			await stack.redis.call('ACL', 'SETUSER', 'relay', 'resetpass', '>changed');
			await killClients();
		},
		() => admitRelays(),
	],
	[
		'refuses for want of a right in the middle of the script',
		/can't run this command|NOPERM|ACL failure/,
		() => stack.redis.call('ACL', 'SETUSER', 'relay', '-xadd'),
		() => admitRelays(),
	],
	[
		'is full',
		/OOM/,
		() => stack.redis.config('SET', 'maxmemory', '1kb'),
		() => stack.redis.config('SET', 'maxmemory', '0'),
	],
	[
		'is stopped',
		/ECONN|EPIPE|closed/,
		() => stack.redisServer.stop(),
		async () => {
			await stack.redisServer.start();
			await admitRelays();
		},
	],
	['does not answer', /timed out/, () => link.hang(), () => link.mend()],
	[
		'lets writers wait as during a FAILOVER',
		/timed out/,
		() => stack.redis.call('CLIENT', 'PAUSE', 60_000, 'WRITE'),
		() => stack.redis.call('CLIENT', 'UNPAUSE'),
	],
];

/** How often each replica has said so. */
const counted = () =>
	relays.map((relay) => ({
		unusable: linesOf(relay, 'Redis is not usable').length,
		usable: linesOf(relay, 'Redis is usable again').length,
	}));

describe('while Redis', () => {
	/** of a test that failed half-way: the others begin with a sound Redis */
	let undo: (() => unknown) | null = null;

	afterEach(async () => {
		await undo?.();
		undo = null;
	});

	it.each(states)(
		'%s, writing goes on, nothing is lost, and each replica says so once',
		async (_, reason, begin, end) => {
			const before = counted();
			undo = end;
			await begin();

			await Promise.all([
				writeFor(ATTEMPTS),
				eventually('the view says why', async () => {
					const now = await view();
					return now?.redis_usable === false && reason.test(now.redis_problem ?? '');
				}),
			]);

			const during = await view();
			expect(during).toMatchObject({ redis_usable: false, redis_problem: expect.stringMatching(reason) });
			expect(Number(during?.waiting_rows)).toBeGreaterThan(0);
			expect(counted().map(({ usable }) => usable)).toEqual(before.map(({ usable }) => usable));

			await end();
			undo = null;
			await eventually('the view says that it is over', async () => (await view())?.redis_usable);
			expect((await view())?.redis_problem).toBeNull();
			await settledStream(stack);
			await expectExactlyOnce(stack);
			await eventually('each has said so', () => counted().every(({ usable, unusable }) => usable === unusable));

			const said = counted().map(({ unusable }, index) => unusable - (before[index]?.unusable ?? 0));
			expect(Math.max(...said)).toBe(1);
			expect(Math.min(...said)).toBeGreaterThanOrEqual(0);
			expect(lines('WARN').filter((line) => !line.includes('Redis is not usable'))).toEqual([]);
		},
	);

	it('is slow, up to what a reply is waited for, nothing is logged', async () => {
		const before = relays.map((relay) => relay.output());
		const { reply } = IMPATIENT;
		const writing = writeFor(1.5 * reply);
		await stack.redis.call('CLIENT', 'PAUSE', reply / 2, 'WRITE');
		await sleep(reply / 2);

		for (let hop = 0; hop < 4; hop += 1) {
			link.hang();
			await sleep(reply / 8);
			link.mend();
			await sleep(reply / 16);
		}

		await writing;
		await settledStream(stack);
		await expectExactlyOnce(stack);
		expect(relays.map((relay) => relay.output())).toEqual(before);
		expect((await view())?.redis_usable).toBe(true);
	});
});
