import { afterEach, describe, expect, it } from 'vitest';
import { settledStream, type StreamEvent } from '../support/events.js';
import { eventually } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

afterEach(() => stack?.stop());

const WRITES = 500;
const CONCURRENCY = 8;

/** Creates vehicles numbered from 0 on, several at a time. @returns the numbers that Directus acknowledged. */
async function writeVehicles(count: number, afterEach?: (written: number) => void): Promise<number[]> {
	const acknowledged: number[] = [];
	let next = 0;

	const writer = async () => {
		while (next < count) {
			const number = next;
			next += 1;

			const answer = await stack
				.api('POST', '/items/vehicles', {
					organization: await stack.home(),
					make: 'KTM',
					model: String(number),
					kind: 'moto',
				})
				.catch(() => null);

			if (answer?.status !== 200) continue;
			acknowledged.push(number);
			afterEach?.(acknowledged.length);
		}
	};

	await Promise.all(Array.from({ length: CONCURRENCY }, writer));
	return acknowledged;
}

const modelsOf = (events: StreamEvent[]) => events.map(({ data }) => Number(data.row.model));
const ascending = (a: number, b: number) => a - b;

/** Each outbox row is in the stream once, and the sequences have no gap. */
async function expectSequenceOfTheOutbox(events: StreamEvent[]): Promise<void> {
	const { rows } = await stack.db.query<{ id: string }>('SELECT event_id AS id FROM trm.event_outbox ORDER BY id');
	const ids = events.map(({ fields }) => fields['id']);

	expect(events.map(({ entryId }) => entryId)).toEqual(events.map((_, index) => `${index + 1}-0`));
	expect([...ids].sort()).toEqual(rows.map(({ id }) => id).sort());
	expect(new Set(ids).size).toBe(events.length);
}

const warningsOf = (log: string) =>
	log.split('\n').filter((line) => line.includes('[event-stream] Redis is not usable'));

// What else Redis and Directus can do to each other is tried with the relay alone (event-redis-states, event-takeover) and, with
// two replicas killed and frozen at random, in the campaign (tests/chaos).

describe('Redis killed during 500 writes and started again', () => {
	it('500 events, in order, none twice, one warning', async () => {
		stack = await startStack();
		let outage: Promise<void> = Promise.resolve();

		const acknowledged = await writeVehicles(WRITES, (written) => {
			if (written === 100) outage = stack.redisServer.stop('SIGKILL');
		});

		await outage;
		await eventually('the relay says so', () => warningsOf(stack.log()).length > 0);
		expect(acknowledged).toHaveLength(WRITES);

		await stack.redisServer.start();
		const events = await settledStream(stack);

		await expectSequenceOfTheOutbox(events);
		expect(modelsOf(events).sort(ascending)).toEqual(acknowledged.sort(ascending));
		expect(warningsOf(stack.log())).toHaveLength(1);
		expect(stack.log()).toContain('Redis is usable again');
	});
});

describe('without REDIS', () => {
	it('events stay in the outbox, a line at start says so, and a later start with REDIS publishes them', async () => {
		stack = await startStack({ redis: false });
		await writeVehicles(3);

		expect(stack.log()).toContain('REDIS is not set');
		expect(await stack.redis.exists(stack.stream)).toBe(0);

		await stack.end();
		stack.env['REDIS'] = stack.redisServer.url;
		await stack.start();

		expect(await settledStream(stack)).toHaveLength(3);
	});
});

describe('Redis down', () => {
	it('from the start: Directus serves, writes and reads as usual', async () => {
		stack = await startStack({ serve: false });
		await stack.redisServer.stop();
		await stack.start();

		// None of them waits for Redis, which comes only after them.
		const { id } = await stack.create('vehicles', { make: 'KTM', model: '1', kind: 'moto' });
		const read = await stack.api('GET', `/items/vehicles/${id}`);
		const login = await stack.api(
			'POST',
			'/auth/login',
			{ email: stack.adminEmail, password: stack.adminPassword },
			null,
		);

		expect([read.status, login.status]).toEqual([200, 200]);

		await stack.redisServer.start();
		expect(await settledStream(stack)).toHaveLength(1);
	});
});
