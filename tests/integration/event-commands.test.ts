import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settledStream } from '../support/events.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
	stack = await startStack({ serve: false });
});

afterAll(() => stack?.stop());

const events = (...args: string[]) => stack.trmProcess(['events', ...args]);
const lastLine = (output: string) => output.trim().split('\n').at(-1);

describe('trm events parked and retry', () => {
	// Ascending, and parked the other way round.
	const ids = [randomUUID(), randomUUID(), randomUUID()].sort();

	const waiting = async () => {
		const { rows } = await stack.db.query<{ id: string; data: { n: number } }>(
			'SELECT event_id AS id, data FROM trm.event_outbox AS o WHERE stream_seq IS NULL ORDER BY o.id',
		);
		return rows;
	};

	const countParked = async () => {
		const { rows } = await stack.db.query<{ count: number }>('SELECT count(*)::int AS count FROM trm.event_parked');
		return rows[0]?.count;
	};

	beforeAll(async () => {
		await stack.db.query(
			`INSERT INTO trm.event_parked (event_id, type, subject, occurred_at, data, notice_seq, attempts, error)
			SELECT id, 'trm.test.made', 'test/' || n, '2026-06-07T08:00:00.123456Z', jsonb_build_object('n', n), 100 - n, 3, 'refused ' || n
			FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, n)`,
			[ids],
		);
	});

	it('lists what is parked, in its order, for people and as JSON', async () => {
		const [json, { code, output }] = await Promise.all([events('parked', '--json'), events('parked')]);
		expect([json.code, code]).toEqual([0, 0]);

		const listed = JSON.parse(lastLine(json.stdout) ?? '') as { event_id: string; error: string }[];
		expect(listed.map(({ event_id, error }) => [event_id, error])).toEqual([
			[ids[2], 'refused 3'],
			[ids[1], 'refused 2'],
			[ids[0], 'refused 1'],
		]);
		expect(output).toMatch(new RegExp(`${ids[0]} trm.test.made test/1, 8 bytes.*\\n.*refused 1`));
	});

	it('puts one back under its id, at the end of the queue, and does so once', async () => {
		const first = await events('retry', ids[0] ?? '');
		const again = await events('retry', ids[0] ?? '');

		expect([first.code, again.code]).toEqual([0, 0]);
		expect(lastLine(first.output)).toBe('1 events put back into the outbox');
		expect(again.output).toContain(`${ids[0]} is in the outbox already`);
		expect(await waiting()).toEqual([{ id: ids[0], data: { n: 1 } }]);
		expect(await countParked()).toBe(2);
	});

	it('refuses what is no id, an id that nobody knows, and to guess which', async () => {
		const unknown = randomUUID();
		const answers = await Promise.all([events('retry', 'not-an-id'), events('retry'), events('retry', unknown)]);

		expect(answers.map(({ code }) => code)).toEqual([64, 64, 1]);
		expect(answers[2]?.output).toContain(`${unknown} is not parked`);
		expect(await countParked()).toBe(2);
	});

	it('puts all back in their order, and the relay publishes them after what was there', async () => {
		expect((await events('retry', '--all')).code).toBe(0);
		expect(await countParked()).toBe(0);
		expect((await waiting()).map(({ id }) => id)).toEqual([ids[0], ids[2], ids[1]]);

		await stack.start();
		const published = await settledStream(stack);
		expect(published.slice(-3).map(({ fields }) => fields['id'])).toEqual([ids[0], ids[2], ids[1]]);
		expect(published.at(-1)?.fields['time']).toBe('2026-06-07T08:00:00.123456Z');
	});
});
