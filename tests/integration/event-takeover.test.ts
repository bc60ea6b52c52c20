import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Link } from '../support/link.js';
import { settledStream } from '../support/events.js';
import { eventually, freePort, type Running } from '../support/processes.js';
import {
	expectExactlyOnce,
	leader,
	linesOf,
	startLeader,
	startRelay,
	writeVehicles,
} from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

/** What the documentation promises, milliseconds. */
const TAKEOVER = 10_000;

let stack: Stack;
let toRedis: Link;
let toDatabase: Link;
let old: Running;
let next: Running;

beforeAll(async () => {
	stack = await startStack({ serve: false });
	toRedis = await Link.open(await freePort(), Number(new URL(stack.redisServer.url).port));
	toDatabase = await Link.open(await freePort(), Number(stack.env['DB_PORT']));
});

afterAll(async () => {
	await toRedis?.close();
	await toDatabase?.close();
	await stack?.stop();
});

afterEach(async () => {
	toRedis.mend();
	toDatabase.mend();
	old.child.kill('SIGCONT');
	await old.end('SIGKILL');
	await next.end('SIGKILL');
});

async function twoReplicas(): Promise<void> {
	old = await startLeader(stack, {
		DB_PORT: String(toDatabase.port),
		REDIS: `redis://127.0.0.1:${toRedis.port}/0`,
	});
	next = startRelay(stack);
	await sleep(1_500);
	await writeVehicles(stack, 5);
	await settledStream(stack);
}

/** Milliseconds from now until the other replica leads and has published what is written now. */
async function takeover(): Promise<number> {
	const began = performance.now();
	const [id] = await writeVehicles(stack, 1);

	await eventually(
		'the other replica publishes',
		async () => {
			const [last] = await stack.redis.xrevrange(stack.stream, '+', '-', 'COUNT', 1);
			return last?.[1].includes(`vehicles/${id}`);
		},
		60_000,
	);

	const took = performance.now() - began;
	await eventually('it says so', async () => (await leader(stack))?.endsWith(`:${next.child.pid}`));
	return took;
}

describe('a leader that hangs in the middle of much work', () => {
	it('is succeeded by one that goes on where it stood, and finds its place taken when it comes back', async () => {
		await twoReplicas();
		await writeVehicles(stack, 60_000);
		await eventually('it is at work', async () => (await stack.redis.xlen(stack.stream)) > 1_000, 30_000);
		old.child.kill('SIGSTOP');
		const sent = await stack.redis.xlen(stack.stream);
		await takeover();

		old.child.kill('SIGCONT');
		await writeVehicles(stack, 100);
		await settledStream(stack);
		const types = await expectExactlyOnce(stack);

		expect(sent).toBeLessThan(60_000);
		expect(new Set(types)).toEqual(new Set(['trm.vehicles.created']));
	});
});

describe('a leader', () => {
	it.each([
		['is killed', () => void old.child.kill('SIGKILL'), () => undefined],
		['hangs', () => void old.child.kill('SIGSTOP'), () => void old.child.kill('SIGCONT')],
		['loses its connection to Redis', () => toRedis.cut(), () => toRedis.mend()],
		['gets no answer from Redis', () => toRedis.hang(), () => toRedis.mend()],
		['loses its session in the database', () => toDatabase.cut(), () => toDatabase.mend()],
		['gets no answer from the database', () => toDatabase.hang(), () => toDatabase.mend()],
	])('that %s is succeeded within 10 s, and does no harm when it comes back', async (_, fail, recover) => {
		await twoReplicas();
		fail();
		expect(await takeover()).toBeLessThan(TAKEOVER);

		recover();

		for (let round = 0; round < 20; round += 1) {
			await writeVehicles(stack, 5);
			await sleep(100);
		}

		await settledStream(stack);
		await expectExactlyOnce(stack);
		expect(await leader(stack)).toMatch(new RegExp(`:${next.child.pid}$`));
		expect(linesOf(old, 'Redis is not usable').length).toBeLessThanOrEqual(1);
		expect(linesOf(next, 'not usable')).toEqual([]);
	});
});
