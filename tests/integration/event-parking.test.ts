import { afterEach, describe, expect, it } from 'vitest';
import { readStream } from '../support/events.js';
import { eventually, type Running } from '../support/processes.js';
import { linesOf, moreRefusals, startLeader, startRelay, writeVehicles } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let relay: Running;

afterEach(async () => {
	await relay?.end('SIGKILL');
	await stack?.stop();
});

/** Redis takes no string above it, and cuts the connection of who sends one. The least that it can be set to. */
const LARGEST_STRING = 1024 * 1024;

/** @returns the id of a vehicle whose event is too large for Redis. */
async function writeGiant(): Promise<string> {
	const { rows } = await stack.db.query<{ id: string }>(
		`WITH giant AS (SELECT string_agg(md5(n::text), '') AS text FROM generate_series(1, $1::int / 32 + 1) AS n),
		event AS (
			INSERT INTO trm.event_outbox (type, subject, data)
			SELECT 'trm.vehicles.updated', 'vehicles/' || gen_random_uuid(), jsonb_build_object('row', jsonb_build_object('model', text))
			FROM giant RETURNING event_id AS id
		)
		SELECT id FROM event`,
		[LARGEST_STRING],
	);

	return rows[0]?.id as string;
}

const length = () => stack.redis.xlen(stack.stream);

describe('an event that Redis cannot take', () => {
	it('is parked with its error, and keeps none of the others back; a notice stands in its place', async () => {
		stack = await startStack({ serve: false });
		await stack.redis.config('SET', 'proto-max-bulk-len', String(LARGEST_STRING));
		await writeVehicles(stack, 30);
		const giant = await writeGiant();
		await writeVehicles(stack, 30);
		relay = await startLeader(stack);

		await eventually('the others are in the stream', async () => (await length()) === 61);
		const events = await readStream(stack);
		const { rows } = await stack.db.query(
			`SELECT parked.event_id, parked.attempts, parked.notice_seq::int, parked.error, lag.parked_rows::int, lag.parked_total::int
			FROM trm.event_parked AS parked, trm.event_stream_lag AS lag`,
		);

		expect(events.map(({ entryId }) => entryId)).toEqual(Array.from({ length: 61 }, (_, index) => `${index + 1}-0`));
		expect(rows).toEqual([
			{ event_id: giant, attempts: 5, notice_seq: 31, error: expect.any(String), parked_rows: 1, parked_total: 1 },
		]);
		expect(rows[0].error).not.toBe('');
		expect(events[30]?.fields).toMatchObject({ type: 'trm.stream.parked', subject: `stream/${stack.stream}` });
		expect(events[30]?.data).toEqual({
			event: giant,
			type: 'trm.vehicles.updated',
			subject: expect.stringMatching(/^vehicles\//),
			time: expect.stringMatching(/Z$/),
			attempts: 5,
			error: rows[0].error,
		});
		expect(linesOf(relay, `Parked after 5 attempts: event ${giant}`)).toHaveLength(1);
	});

	it('is counted as tried also when the process dies of it', async () => {
		stack = await startStack({ serve: false });
		await stack.redis.config('SET', 'proto-max-bulk-len', String(LARGEST_STRING));
		await writeVehicles(stack, 3);
		await writeGiant();
		await writeVehicles(stack, 3);

		// Whoever leads is killed as soon as the connection that Redis has cut shows in its log.
		for (let replica = 0; replica < 40 && (await length()) < 7; replica += 1) {
			relay = startRelay(stack);
			await eventually(
				'it fails or is done',
				async () => linesOf(relay, 'not usable').length > 0 || (await length()) === 7,
			);
			await relay.end('SIGKILL');
		}

		expect(await length()).toBe(7);
		const { rows } = await stack.db.query('SELECT attempts, notice_seq::int FROM trm.event_parked');
		expect(rows).toEqual([{ attempts: 5, notice_seq: 4 }]);
	});
});

describe('a Redis that takes nothing', () => {
	it('gets nothing parked, however long that lasts', async () => {
		stack = await startStack({ serve: false });
		relay = await startLeader(stack);
		await stack.redis.config('SET', 'maxmemory', '1');
		await writeVehicles(stack, 3);
		await eventually('it was tried', () => linesOf(relay, 'OOM').length > 0);
		// Past the attempts that a row would have: three that narrow, and five alone.
		await moreRefusals(stack.redis, 'OOM', 16);

		await stack.redis.config('SET', 'maxmemory', '0');
		await eventually('they arrive', async () => (await length()) === 3);
		expect((await stack.db.query('SELECT FROM trm.event_parked')).rowCount).toBe(0);
	});
});
