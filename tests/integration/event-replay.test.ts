import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStream, settledStream } from '../support/events.js';
import { eventually } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';
import { startTrm } from '../support/trm.js';

/** Made through the API, so that the relay has published them; the replay must give the same entries. */
const VEHICLES = 30;
/** Made in SQL as if they had been published: enough that a run can be stopped before its end. */
const BULK = 30_000;

let stack: Stack;

beforeAll(async () => {
	stack = await startStack();

	for (let n = 0; n < VEHICLES; n += 1) {
		const { id } = await stack.create('vehicles', { make: 'KTM', model: String(n), kind: 'moto' });
		if (n % 3 === 0) await stack.api('DELETE', `/items/vehicles/${id}`);
	}

	await settledStream(stack);
	await stack.end();
});

afterAll(() => stack?.stop());

const LIVE = VEHICLES + VEHICLES / 3;

const replay = (stream: string, ...args: string[]) =>
	stack.trmProcess(['events', 'replay', '--stream', stream, ...args]);
const streamOf = (name: string) => readStream({ ...stack, redis: stack.redis, stream: name } as Stack);
const lastLine = (output: string) => output.trim().split('\n').at(-1);

async function publishBulk(): Promise<number> {
	const { rows } = await stack.db.query<{ last: number }>(
		`WITH head AS (SELECT last_seq FROM trm.event_stream),
		bulk AS (
			INSERT INTO trm.event_outbox (type, subject, data, stream_seq)
			SELECT 'trm.test.made', 'test/' || n, jsonb_build_object('n', n), last_seq + n
			FROM head, generate_series(1, $1::int) AS n
		)
		UPDATE trm.event_stream SET last_seq = last_seq + $1, published_seq = last_seq + $1
		RETURNING last_seq::int AS last`,
		[BULK],
	);

	return rows[0]?.last ?? 0;
}

async function expectWhole(stream: string, from: number, to: number): Promise<void> {
	const entries = await stack.redis.xrange(stream, '-', '+');
	const ids = entries.map(([entryId, fields]) => `${entryId} ${fields[fields.indexOf('id') + 1]}`);

	const { rows } = await stack.db.query<{ id: string }>(
		`SELECT stream_seq || '-0 ' || event_id AS id FROM trm.event_outbox
		WHERE stream_seq BETWEEN $1 AND $2 ORDER BY stream_seq`,
		[from, to],
	);

	expect(ids.length).toBe(to - from + 1);
	expect(ids).toEqual(rows.map(({ id }) => id));
}

describe('trm events replay', () => {
	it('gives another stream the very entries of the live one', async () => {
		const { code, output } = await replay('whole', '--from', '1');
		expect(code, output).toBe(0);
		expect(await streamOf('whole')).toEqual(await readStream(stack));
		expect(await stack.redis.xlen('whole')).toBe(LIVE);
		expect(lastLine(output)).toBe(
			`sequences 1 to ${LIVE} into whole: ${LIVE} events sent, 0 were there already, 0 left out by the filter, 0 not in the outbox any more`,
		);
	});

	it('sends what range, types and subject fit, under the sequences that they have', async () => {
		const live = await readStream(stack);
		const subject = live.at(-1)?.fields['subject'] ?? '';
		const filter = ['--type', 'trm.entries.*', '*.deleted', '--from', '3', '--to', String(LIVE - 1)];

		const [some, one] = await Promise.all([
			replay('some', ...filter),
			replay('one', '--from', '1', '--subject', `${subject.slice(0, -1)}?`),
		]);
		expect([some.code, one.code]).toEqual([0, 0]);

		expect(await streamOf('some')).toEqual(
			live.slice(2, -1).filter(({ fields }) => fields['type'] === 'trm.vehicles.deleted'),
		);
		expect(await streamOf('one')).toEqual(live.filter(({ fields }) => fields['subject'] === subject));
	});

	it('counts only, when asked to', async () => {
		const { code, output } = await replay('dry', '--from', '1', '--type', '*.deleted', '--dry-run');
		expect(code, output).toBe(0);
		expect(lastLine(output)).toContain(`${VEHICLES / 3} events to send, 0 were there already, ${VEHICLES} left out`);
		expect(await stack.redis.exists('dry')).toBe(0);
	});

	it('refuses the live stream, a range that is not published, and a stream that holds something else', async () => {
		const before = await readStream(stack);
		await stack.redis.xadd('foreign', '7-0', 'id', randomUUID());
		await replay('ends', '--from', '1', '--to', '9');

		const refused = await Promise.all([
			replay(stack.stream, '--from', '1'),
			replay('never', '--from', '1', '--to', String(LIVE + 1)),
			replay('foreign', '--from', '1'),
			replay('ends', '--from', '2', '--type', '*.deleted'),
			replay('ends', '--from', '1', '--to', '5'),
		]);

		expect(refused.map(({ code }) => code)).toEqual([64, 1, 1, 1, 1]);
		expect(refused[0]?.output).toContain(`${stack.stream} is the live stream`);
		expect(refused[1]?.output).toContain(`the last published sequence is ${LIVE}`);
		expect(refused[2]?.output).toContain('the stream foreign ends at 7-0 and holds other entries');
		expect(await stack.redis.exists('never')).toBe(0);
		expect([await stack.redis.xlen('foreign'), await stack.redis.xlen('ends')]).toEqual([1, 9]);
		expect(await readStream(stack)).toEqual(before);
	});

	it('sends nothing twice when it is run again, and goes on where the stream ends', async () => {
		await replay('again', '--from', '1', '--to', '12');
		const second = await replay('again', '--from', '1', '--to', '20');
		const third = await replay('again', '--from', '1', '--to', '20');

		expect([second.code, third.code]).toEqual([0, 0]);
		expect(lastLine(second.output)).toContain('8 events sent, 12 were there already');
		expect(lastLine(third.output)).toContain('0 events sent, 20 were there already');
		await expectWhole('again', 1, 20);
	});

	it.each([
		['SIGKILL', null],
		['SIGINT', 130],
	] as const)('stopped half-way by %s is completed by the same command', async (signal, status) => {
		const to = await publishBulk();
		const from = to - BULK + 1;
		const stream = `bulk-${signal}`;
		const args = ['events', 'replay', '--stream', stream, '--from', String(from)];

		const first = startTrm(args, stack.env);
		await eventually('some are sent', async () => (await stack.redis.xlen(stream)) > BULK / 10);
		expect(await first.end(signal)).toBe(status);

		const sent = await stack.redis.xlen(stream);
		expect(sent).toBeLessThan(BULK);
		if (signal === 'SIGINT') expect(first.output()).toContain(`interrupted after sequence ${from + sent - 1}`);

		const { code, output } = await stack.trmProcess(args);
		expect(code, output).toBe(0);
		expect(lastLine(output)).toContain(`${BULK - sent} events sent, ${sent} were there already`);
		await expectWhole(stream, from, to);
	});

	it('ends with 1, and leaves no stream with a hole, when the stream is deleted under it', async () => {
		const from = (await publishBulk()) - BULK + 1;
		const args = ['events', 'replay', '--stream', 'deleted', '--from', String(from)];

		const running = startTrm(args, stack.env);
		const ended = once(running.child, 'close');
		await eventually('some are sent', async () => (await stack.redis.xlen('deleted')) > BULK / 10);
		await stack.redis.del('deleted');

		expect(await ended).toEqual([1, null]);
		expect(running.output()).toContain('somebody else writes the stream deleted');
		expect(await stack.redis.exists('deleted')).toBe(0);
	});

	it('leaves no part of a batch when Redis is full, and says so', async () => {
		await stack.redis.config('SET', 'maxmemory', '1');
		const { code, output } = await replay('full', '--from', '1', '--to', '20');
		await stack.redis.config('SET', 'maxmemory', '0');

		expect(code).toBe(1);
		expect(output).toContain('OOM');
		expect(await stack.redis.exists('full')).toBe(0);
	});

	it('sends rows that are larger than a page', async () => {
		const { rows } = await stack.db.query<{ first: number }>(
			`WITH large AS (
				INSERT INTO trm.event_outbox (type, subject, data, stream_seq)
				SELECT 'trm.test.large', 'test/' || n, jsonb_build_object('text', repeat('x', 5000000)), last_seq + n
				FROM trm.event_stream, generate_series(1, 3) AS n
			)
			UPDATE trm.event_stream SET last_seq = last_seq + 3, published_seq = last_seq + 3
			RETURNING last_seq::int - 2 AS first`,
		);
		const first = rows[0]?.first ?? 0;

		const { code, output } = await replay('large', '--from', String(first));
		expect(code, output).toBe(0);
		await expectWhole('large', first, first + 2);
	});

	it('says which sequences are no longer there, sends the rest, and ends with 1', async () => {
		await stack.db.query('DELETE FROM trm.event_outbox WHERE stream_seq <= 5 OR stream_seq BETWEEN 9 AND 10');
		await stack.db.query('UPDATE trm.event_stream SET retained_from = 6');

		const { code, output } = await replay('rest', '--from', '2', '--to', '12');
		expect(code).toBe(1);
		expect(output).toContain('not in the outbox any more: sequence 2 to 5');
		expect(lastLine(output)).toBe('not in the outbox any more: 2 to 5, 9 to 10');
		expect((await streamOf('rest')).map(({ entryId }) => entryId)).toEqual(['6-0', '7-0', '8-0', '11-0', '12-0']);
	});

	it('ends with 69 when Redis does not let it in, with the reason and no password', async () => {
		await stack.redis.config('SET', 'requirepass', 'the-right-one');
		const url = new URL(stack.redisServer.url);
		url.password = 'a-wrong-one';
		const { code, output } = await stack.trmProcess(['events', 'replay', '--from', '6', '--stream', 'x'], {
			REDIS: url.href,
		});
		await stack.redis.config('SET', 'requirepass', '');

		expect(code).toBe(69);
		expect(output).toContain('[trm] error: Redis cannot be used: WRONGPASS');
		expect(output).not.toMatch(/a-wrong-one|the-right-one/);
	});
});
