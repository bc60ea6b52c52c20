import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MemoryLedger } from '../../packages/event-contract/index.js';
import { Consumers, GROUP, span, STREAM } from '../support/consuming.js';
import { eventually } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;

beforeAll(async () => {
	all = new Consumers(await RedisServer.start());
});

afterEach(() => all.reset());
afterAll(() => all?.end());

const failAt = (poison: number) => (event: { sequence: number }) => {
	if (event.sequence === poison) throw new Error(`no result for ${poison}`);
};

describe('a handler that throws', () => {
	it('is called again with the same event before any other, and then goes on', async () => {
		await all.publish(span(1, 5));
		const calls: [sequence: number, deliveries: number][] = [];
		const running = all.start({
			handler: ({ sequence }, { deliveries }) => {
				calls.push([sequence, deliveries]);
				if (sequence === 2 && deliveries < 3) throw new Error('not yet');
			},
		});

		await running.until(5);
		expect(calls).toEqual([
			[1, 1],
			[2, 1],
			[2, 2],
			[2, 3],
			[3, 1],
			[4, 1],
			[5, 1],
		]);
		expect(await running.stop()).toMatchObject({ handled: 5, retries: 2, deadLetters: 0 });
	});

	it('every time makes a dead letter with all fields, the error and the deliveries', async () => {
		await all.publish(span(1, 5));
		const letters: unknown[] = [];
		const running = all.start({ handler: failAt(3), maxDeliveries: 4, onDeadLetter: (letter) => letters.push(letter) });
		await running.until(5);

		expect(running.handled).toEqual([1, 2, 4, 5]);
		expect(await all.deadLetters()).toEqual([
			expect.objectContaining({
				type: 'trm.vehicles.created',
				sequence: '3',
				data: expect.stringContaining('KTM'),
				deadentry: '3-0',
				deadgroup: GROUP,
				deaddeliveries: '4',
				deaderror: expect.stringContaining('no result for 3'),
			}),
		]);
		expect(letters).toEqual([expect.objectContaining({ entryId: '3-0', deliveries: 4 })]);
		expect(await all.pending()).toBe(0);
	});

	it('counts its deliveries on over a stop and a start', async () => {
		await all.publish([1]);
		const first = all.start({ handler: failAt(1), retryDelay: (deliveries) => (deliveries < 3 ? 10 : 60_000) });
		await eventually('it was tried three times', async () => {
			const [row] = (await all.redis.xpending(STREAM, GROUP, '-', '+', 1).catch(() => [])) as [
				unknown,
				unknown,
				unknown,
				number,
			][];
			return row?.[3] === 3;
		});
		await first.stop();
		expect(await all.deadLetters()).toEqual([]);

		all.start({ handler: failAt(1) });
		const [letter] = await eventually('the dead letter', async () => {
			const letters = await all.deadLetters();
			return letters.length > 0 && letters;
		});
		expect(letter?.['deaddeliveries']).toBe('5');
	});

	it('because of an outage is called again until it works, and nothing becomes a dead letter', async () => {
		await all.publish([1, 2]);
		let calls = 0;
		const running = all.start({
			maxDeliveries: 2,
			handler: () => {
				if ((calls += 1) <= 20) throw Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' });
			},
		});

		await running.until(2);
		expect(await running.stop()).toMatchObject({ handled: 2, retries: 20, deadLetters: 0 });
	});

	it('loses nothing when the dead letter cannot be written', async () => {
		await all.redis.set(`${STREAM}:dead:${GROUP}`, 'in the way');
		await all.publish([1, 2]);
		const running = all.start({ handler: failAt(1), maxDeliveries: 1 });
		await eventually('the problem is said', () => running.problems.length > 0);
		const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await all.redis.info('stats'))?.[1]);
		const before = await commands();
		await sleep(500);
		// It tries again, and not as fast as it can.
		expect((await commands()) - before).toBeLessThan(60);
		expect(running.handled).toEqual([]);
		expect(running.problems[0]?.message).toContain('WRONGTYPE');

		await all.redis.del(`${STREAM}:dead:${GROUP}`);
		await running.until(2);
		expect((await all.deadLetters()).map(({ deadentry }) => deadentry)).toEqual(['1-0']);
	});
});

describe('a ledger that cannot be reached', () => {
	it('is asked until it answers: the event has no fault in it', async () => {
		await all.publish([1]);
		let calls = 0;
		const away = () => {
			if ((calls += 1) % 8 !== 0) throw new Error('the ledger is away');
			return false;
		};
		const running = all.start({ maxDeliveries: 1, ledger: { has: away, add: () => void away() } });
		await eventually('it is acknowledged', async () => calls >= 16 && (await all.pending()) === 0);

		expect(running.handled).toEqual([1]);
		expect(running.problems.map((problem) => problem?.message ?? null)).toEqual([
			'the ledger: the ledger is away',
			null,
			'the ledger: the ledger is away',
			null,
		]);
	});
});

describe('a handler that takes long', () => {
	it('keeps its entry and those behind it from being taken over', async () => {
		await all.publish(span(1, 3));
		const slow = all.start({ minIdle: 300, handler: () => sleep(900) });
		await eventually('it has begun', async () => (await all.pending().catch(() => 0)) === 3);
		const other = all.start({ consumer: 'worker-2', minIdle: 300 });
		await slow.until(3);

		expect(slow.handled).toEqual([1, 2, 3]);
		expect(other.handled).toEqual([]);
		expect(await slow.stop()).toMatchObject({ duplicates: 0 });
	});
});

describe('Redis that was emptied', () => {
	it.each([
		['while a read waits', 10_000],
		['between two reads', 50],
	])('%s: the group is made again and what is sent again is not handled again', async (_when, block) => {
		await all.publish(span(1, 50));
		const running = all.start({ block });
		await running.until(50);

		await all.redis.flushall();
		await all.publish(span(1, 60));
		await running.until(60);

		expect(running.handled).toEqual(span(1, 60));
		expect(running.gaps).toEqual([]);
		expect(await running.stop()).toMatchObject({ handled: 60, duplicates: 50 });
	});

	it('and an older database with it: an event in a place that another had is handled', async () => {
		const ledger = new MemoryLedger();
		for (const sequence of span(1, 3)) ledger.add(sequence, { id: `another ${sequence}` });
		await all.publish(span(1, 3));
		const running = all.start({ ledger });
		await running.until(3);
		expect(running.handled).toEqual(span(1, 3));
	});
});

describe('an entry that is trimmed while it is pending', () => {
	it('is said, and does not block: ones of an earlier process of this name', async () => {
		await all.publish(span(1, 4));
		await all.redis.xgroup('CREATE', STREAM, GROUP, '0');
		await all.redis.xreadgroup('GROUP', GROUP, 'worker-1', 'COUNT', 3, 'STREAMS', STREAM, '>');
		await all.redis.xtrim(STREAM, 'MINID', '3');

		await sleep(60);

		const running = all.start({ minIdle: 50 });
		await running.until(4);
		expect(running.handled).toEqual([3, 4]);
		expect(running.trimmed).toEqual(['1-0', '2-0']);
		expect(await all.pending()).toBe(0);
	});

	it('is said, and does not block: ones of a consumer that is gone', async () => {
		await all.publish(span(1, 4));
		await all.redis.xgroup('CREATE', STREAM, GROUP, '0');
		await all.redis.xreadgroup('GROUP', GROUP, 'gone', 'COUNT', 3, 'STREAMS', STREAM, '>');
		await all.redis.xtrim(STREAM, 'MINID', '3');
		await sleep(60);

		const running = all.start({ minIdle: 50 });
		await running.until(4);
		expect(running.handled).toEqual([3, 4]);
		expect(running.trimmed).toEqual(['1-0', '2-0']);
		expect(await all.pending()).toBe(0);
	});
});
