import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Consumers, idOf } from '../support/consuming.js';
import { eventually } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;

beforeAll(async () => {
	all = new Consumers(await RedisServer.start());
});

afterEach(() => all.reset());
afterAll(() => all?.end());

describe('a ledger', () => {
	it('that cannot be reached at the start is asked for its last sequence until it answers', async () => {
		await all.publish([8]);
		let calls = 0;
		const last = () => {
			if ((calls += 1) < 4) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
			return 4;
		};
		const running = all.start({ ledger: { has: () => false, add: () => undefined, last } });
		await running.until(8);

		expect(running.gaps).toEqual([{ expected: 5, found: 8 }]);
		expect(running.problems.map((problem) => problem?.message ?? null)).toEqual([
			'the ledger: connect ECONNREFUSED',
			null,
		]);
	});

	it('that never answers at the start does not keep the consumer from being stopped', async () => {
		const last = () => Promise.reject(new Error('away'));
		const running = all.start({ ledger: { has: () => false, add: () => undefined, last }, retryDelay: () => 60_000 });
		await eventually('the problem is said', () => running.problems.length > 0);
		expect(await running.stop()).toMatchObject({ handled: 0 });
	});

	it.each([undefined, null, Object.create(null)])('that throws %o is asked again', async (thrown) => {
		await all.publish([1]);
		let calls = 0;
		const has = () => {
			if ((calls += 1) === 1) throw thrown;
			return false;
		};
		const running = all.start({ ledger: { has, add: () => undefined } });
		await running.until(1);
		expect(running.problems.map((problem) => problem === null)).toEqual([false, true]);
	});
});

describe('a handler that throws what cannot be shown', () => {
	const circular = new Error('round');
	circular.cause = circular;
	const rude = Object.assign(new Error('rude'), {
		stack: {
			toString: () => {
				throw new Error('no');
			},
		},
	});

	it.each([
		['an error that is its own cause', circular, 'round'],
		['an object without a prototype', Object.create(null), 'cannot be shown'],
		[
			'a toString that throws',
			{
				toString: () => {
					throw new Error('no');
				},
			},
			'cannot be shown',
		],
		['a stack that is no text', rude, 'cannot be shown'],
		[
			'an error whose code is such an object',
			Object.assign(new Error('coded'), { code: Object.create(null) }),
			'coded',
		],
		['nothing', undefined, 'undefined'],
	])('%s makes a dead letter, and the next event is handled', async (_what, thrown, text) => {
		await all.publish([1, 2]);
		const running = all.start({
			maxDeliveries: 1,
			handler: ({ sequence }) => {
				if (sequence === 1) throw thrown;
			},
		});
		await running.until(2);
		expect((await all.deadLetters()).map(({ deadentry, deaderror }) => [deadentry, deaderror])).toEqual([
			['1-0', expect.stringContaining(text)],
		]);
	});
});

describe('an entry whose id is not its sequence', () => {
	it.each(['9007199254740993-0', '7-0'])('%s becomes a dead letter, and is not taken for another', async (id) => {
		await all.publish([1]);
		await all.redis.xadd('trm:events', id, ...Object.entries(idOf(2)).flat());
		const running = all.start();
		await running.until(1);
		const [letter] = await eventually('the dead letter', async () => {
			const letters = await all.deadLetters();
			return letters.length > 0 && letters;
		});
		await sleep(50);

		expect(running.handled).toEqual([1]);
		expect(letter).toMatchObject({ deadentry: id, deaderror: expect.stringContaining('INVALID_EVENT: sequence') });
	});
});
