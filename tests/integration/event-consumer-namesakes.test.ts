import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Consumers, GROUP, span, STREAM } from '../support/consuming.js';
import { eventually } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;

beforeAll(async () => {
	all = new Consumers(await RedisServer.start());
});

afterEach(() => all.reset());
afterAll(() => all?.end());

/** Starts so many with one and the same name, which is what a rolling update does for a while. */
function startSeveral(count: number, options: Parameters<Consumers['start']>[0] = {}) {
	const order: number[] = [];
	const running = Array.from({ length: count }, () =>
		all.start({
			...options,
			handler: async (event, delivery) => {
				order.push(event.sequence);
				await options.handler?.(event, delivery);
			},
		}),
	);
	return { order, running };
}

describe('several processes with the same consumer name', () => {
	it('handle each event once and in order, make no dead letter of any, and go on when one stops', async () => {
		const { order, running } = startSeveral(3, { count: 5, maxDeliveries: 2, handler: () => sleep(3) });

		for (let from = 1; from <= 60; from += 4) {
			await all.publish(span(from, from + 3));
			await sleep(5);
		}

		await eventually('some are handled', () => order.length > 10);
		await running[0]?.stop();
		await eventually('all are handled', () => order.length >= 60, 30_000);
		await sleep(300);

		expect(order).toEqual(span(1, 60));
		expect(await all.deadLetters()).toEqual([]);
		const counts = await Promise.all(running.map((each) => each.stop()));
		expect(counts.reduce((sum, { handled }) => sum + handled, 0)).toBe(60);
		expect(counts.map(({ duplicates, retries }) => duplicates + retries)).toEqual([0, 0, 0]);
		expect(await all.pending()).toBe(0);
	});

	it('wait for the one whose handler takes long: nothing overtakes it', async () => {
		let release: () => void = () => undefined;
		const blocked = new Promise<void>((resolve) => (release = resolve));
		const { order } = startSeveral(2, {
			minIdle: 300,
			handler: ({ sequence }) => (sequence === 1 ? blocked : undefined),
		});
		await all.publish([1]);
		await eventually('the first is begun', () => order.length === 1);
		await all.publish([2, 3]);
		await sleep(1_000);
		expect(order).toEqual([1]);

		release();
		await eventually('all are handled', () => order.length === 3);
		expect(order).toEqual([1, 2, 3]);
	});
});

describe('what a process that is gone had', () => {
	const died = async (consumer: string, ids: number) => {
		await all.redis.xreadgroup('GROUP', GROUP, consumer, 'COUNT', ids, 'STREAMS', STREAM, '>');
	};

	it('comes before what is new, once it has given no sign of life for the idle time', async () => {
		await all.publish(span(1, 3));
		await all.redis.xgroup('CREATE', STREAM, GROUP, '0');
		await died('worker-1:0123456789ab', 3);
		await all.publish([4]);

		const running = all.start({ minIdle: 500 });
		await running.until(4);
		expect(running.handled).toEqual([1, 2, 3, 4]);
	});

	it('and was only read is no attempt: with one delivery allowed only the first may be a dead letter', async () => {
		await all.publish(span(1, 5));
		await all.redis.xgroup('CREATE', STREAM, GROUP, '0');
		await died('worker-1:0123456789ab', 5);
		await sleep(60);

		const running = all.start({ minIdle: 50, maxDeliveries: 1 });
		await running.until(5);
		expect(running.handled).toEqual(span(2, 5));
		expect((await all.deadLetters()).map(({ deadentry, deaddeliveries }) => [deadentry, deaddeliveries])).toEqual([
			['1-0', '1'],
		]);
	});

	it('and that waited for its ledger each time is no attempt either', async () => {
		await all.publish([1]);
		const never = { has: () => Promise.reject(new Error('away')), add: () => undefined };

		for (let n = 0; n < 4; n += 1) {
			const waiting = all.start({ maxDeliveries: 2, ledger: never });
			await eventually('it waits', () => waiting.problems.length > 0);
			await waiting.stop();
		}

		const last = all.start({ maxDeliveries: 1 });
		await last.until(1);
		expect(await all.deadLetters()).toEqual([]);
	});

	it('by a stop, in the middle of the tries, is taken over at once and counted on', async () => {
		await all.publish(span(1, 3));
		const calls: number[] = [];
		const failing = all.start({
			retryDelay: () => 60_000,
			handler: () => Promise.reject(new Error('not yet')),
		});
		await eventually('it is tried', async () => (await all.pending().catch(() => 0)) === 3);
		await sleep(50);
		await failing.stop();

		const next = all.start({ minIdle: 60_000, handler: (_event, { deliveries }) => void calls.push(deliveries) });
		await next.until(3);
		expect(calls).toEqual([2, 1, 1]);
	});
});
