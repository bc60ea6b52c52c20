import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { entryOf } from '../../packages/event-contract/sample-event.js';
import { Consumers, GROUP, idOf, span, STREAM } from '../support/consuming.js';
import { eventually } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;

beforeAll(async () => {
	all = new Consumers(await RedisServer.start());
});

afterEach(() => all.reset());
afterAll(() => all?.end());

describe('a consumer', () => {
	it('starts at the beginning of the stream and follows it, in order and one event at a time', async () => {
		await all.publish(span(1, 250));
		let busy = 0;
		let most = 0;

		const running = all.start({
			count: 40,
			handler: async () => {
				most = Math.max(most, (busy += 1));
				await new Promise(setImmediate);
				busy -= 1;
			},
		});

		await running.until(250);
		await all.publish(span(251, 300));
		await running.until(300);

		expect(running.handled).toEqual(span(1, 300));
		expect(most).toBe(1);
		expect(await running.stop()).toMatchObject({ handled: 300, duplicates: 0, missing: 0, deadLetters: 0 });
		expect(await all.pending()).toBe(0);
	});

	it('waits for a stream that is not there yet', async () => {
		const running = all.start();
		await eventually(
			'the group is there',
			async () => ((await all.redis.xinfo('GROUPS', STREAM).catch(() => [])) as unknown[]).length > 0,
		);
		await all.publish([1]);
		await running.until(1);
	});

	it('goes on where it was, after a stop, and hands over nothing twice', async () => {
		await all.publish(span(1, 10));
		const first = all.start();
		await first.until(10);
		await first.stop();

		await all.publish(span(11, 20));
		const second = all.start();
		await second.until(20);
		expect(second.handled).toEqual(span(11, 20));
	});

	it('reads no more than one batch ahead of a handler that is busy', async () => {
		await all.publish(span(1, 100));
		let release: () => void = () => undefined;
		const blocked = new Promise<void>((resolve) => (release = resolve));
		all.start({ count: 7, handler: () => blocked });

		await eventually('the handler is busy', async () => (await all.pending().catch(() => 0)) > 0);
		await sleep(300);
		expect(await all.pending()).toBe(7);
		release();
	});

	it('does not ask Redis all the time while nothing comes', async () => {
		const running = all.start({ block: 1_000 });
		await all.publish([1]);
		await running.until(1);
		const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await all.redis.info('stats'))?.[1]);

		const before = await commands();
		await sleep(900);
		expect((await commands()) - before).toBeLessThan(12);
	});
});

describe('what is not for the handler', () => {
	it('a type that the contract does not have is passed over and said', async () => {
		const ignored: string[] = [];
		await all.publish([1, 2, 3], (sequence) =>
			sequence === 2
				? { ...idOf(2), type: 'trm.bivouacs.created', dataschema: 'urn:trm:event:trm.bivouacs.created:1' }
				: idOf(sequence),
		);
		const running = all.start({ onIgnored: ({ entryId }) => ignored.push(entryId) });
		await running.until(3);

		expect(ignored).toEqual(['2-0']);
		expect(running.gaps).toEqual([]);
		expect(await running.stop()).toMatchObject({ handled: 2, ignored: 1, deadLetters: 0 });
	});

	it('an entry that is no event, or of a later version, becomes a dead letter at once and blocks nothing', async () => {
		const broken: Record<number, Record<string, string>> = {
			2: { hello: 'world' },
			3: { ...idOf(3), dataschema: 'urn:trm:event:trm.vehicles.created:2' },
			4: entryOf({ sequence: 4, data: { row: { make: 'KTM' } } }),
		};
		await all.publish(span(1, 5), (sequence) => broken[sequence] ?? idOf(sequence));
		const running = all.start();
		await running.until(5);

		expect(running.handled).toEqual([1, 5]);
		const letters = await all.deadLetters();
		expect(letters.map(({ deadentry, deaddeliveries }) => [deadentry, deaddeliveries])).toEqual([
			['2-0', '1'],
			['3-0', '1'],
			['4-0', '1'],
		]);
		expect(letters[0]).toMatchObject({ hello: 'world', deadgroup: GROUP, deadconsumer: 'worker-1' });
		expect(letters[1]?.['deaderror']).toContain('UNKNOWN_VERSION');
		expect(letters[2]).toMatchObject({
			deaderror: expect.stringContaining('data.row.id'),
			type: 'trm.vehicles.created',
		});
		expect(await all.pending()).toBe(0);
	});
});

describe('a gap', () => {
	it('is reported with the first missing sequence and the next that is there', async () => {
		await all.publish([1, 2, 5, 6, 9]);
		const running = all.start();
		await running.until(9);

		expect(running.gaps).toEqual([
			{ expected: 3, found: 5 },
			{ expected: 7, found: 9 },
		]);
		expect(await running.stop()).toMatchObject({ handled: 5, missing: 4 });
	});

	it('before the first entry is reported when the ledger says where it was', async () => {
		await all.publish([8, 9]);
		const running = all.start({ ledger: { has: (sequence) => sequence <= 4, add: () => undefined, last: () => 4 } });
		await running.until(9);
		expect(running.gaps).toEqual([{ expected: 5, found: 8 }]);
	});

	it('is not what another consumer of the group has', async () => {
		await all.publish(span(1, 40));
		const slow = (consumer: string) => all.start({ consumer, count: 3, handler: () => sleep(2) });
		const [first, second] = [slow('worker-1'), slow('worker-2')];
		await eventually('all are handled', () => first.handled.length + second.handled.length === 40);

		expect(first.handled.length * second.handled.length).toBeGreaterThan(0);
		expect([...first.gaps, ...second.gaps]).toEqual([]);
		expect([...first.handled, ...second.handled].sort((a, b) => a - b)).toEqual(span(1, 40));
	});
});

describe('a stop', () => {
	it('lets the running handler finish, acknowledges it, and leaves the rest to others at once', async () => {
		await all.publish(span(1, 1_000));
		let release: () => void = () => undefined;
		const entered = new Promise<void>((resolve) => {
			release = resolve;
		});
		const first = all.start({
			count: 100,
			handler: async ({ sequence }) => {
				if (sequence !== 30) return;
				release();
				await sleep(200);
			},
		});

		await entered;
		const counts = await first.stop();
		expect(first.handled).toEqual(span(1, 30));
		expect(counts.handled).toBe(30);
		await eventually('its connection is closed', async () => (await all.connections()) === 0);

		const second = all.start({ consumer: 'worker-2' });
		await eventually('the rest is handled', () => second.handled.length === 970);
		expect([...second.handled].sort((a, b) => a - b)).toEqual(span(31, 1_000));
		expect(await second.stop()).toMatchObject({ duplicates: 0, deadLetters: 0 });
	});

	it('does not wait for a read that waits', async () => {
		const running = all.start({ block: 60_000 });
		await all.publish([1]);
		await running.until(1);
		await sleep(100);

		const began = performance.now();
		await running.stop();
		expect(performance.now() - began).toBeLessThan(5_000);
		await eventually('its connection is closed', async () => (await all.connections()) === 0);
	});

	it('leaves no listener on the signal, and does nothing when it came before the start', async () => {
		const stop = new AbortController();
		const running = all.start({
			signal: stop.signal,
			handler: () => Promise.reject(new Error('no')),
			retryDelay: () => 60_000,
		});
		await all.publish([1]);
		await eventually('it is tried', async () => (await all.pending().catch(() => 0)) === 1);
		stop.abort();
		await running.done;
		expect(getEventListeners(stop.signal, 'abort')).toEqual([]);

		expect(await all.start({ signal: stop.signal }).done).toMatchObject({ handled: 0 });
		expect(await all.pending()).toBe(1);
	});
});
