import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';
import { onServer } from '../support/templates.js';

const hasTimescale = (await onServer("SELECT FROM pg_settings WHERE name = 'timescaledb.disable_load'")).length > 0;

const DEVICES = ['350000000000001', '350000000000002', '350000000000003'];
const FIXES_PER_DAY = 40_000;

describe('without TimescaleDB', () => {
	it.skipIf(hasTimescale)('positions is a plain table with the same unique index', async () => {
		const stack = await startStack({ serve: false });

		try {
			const { rows } = await stack.db.query<{ indexdef: string }>(
				"SELECT indexdef FROM pg_indexes WHERE tablename = 'positions' AND indexname = 'positions_device_id_ts'",
			);

			expect(rows[0]?.indexdef).toContain(
				'UNIQUE INDEX positions_device_id_ts ON public.positions USING btree (device_id, ts)',
			);
		} finally {
			await stack.stop();
		}
	});
});

describe.skipIf(!hasTimescale)('on a hypertable with compressed chunks', () => {
	let stack: Stack;

	beforeAll(async () => {
		stack = await startStack();
		for (const imei of DEVICES) await stack.create('devices', { imei });

		await stack.db.query(
			`INSERT INTO positions (device_id, ts, latitude, longitude)
			SELECT device_id, day + n * interval '1 second' + interval '123456 microseconds', 41, 20
			FROM unnest($1::text[]) AS device_id,
				unnest(ARRAY['2026-06-07T00:00:00Z', '2026-06-08T00:00:00Z']::timestamptz[]) AS day,
				generate_series(0, $2::int - 1) AS n`,
			[DEVICES, FIXES_PER_DAY],
		);

		await stack.db.query(
			`ALTER TABLE positions SET (timescaledb.compress, timescaledb.compress_segmentby = 'device_id', timescaledb.compress_orderby = 'ts')`,
		);
		await stack.db.query("SELECT compress_chunk(chunk) FROM show_chunks('positions') AS chunk");
	});

	afterAll(() => stack?.stop());

	const flag = (body: object) => stack.api('POST', '/positions/flag-faulty', body);
	const countFaulty = async () =>
		(await stack.db.query<{ count: number }>('SELECT count(*)::int AS count FROM positions WHERE faulty')).rows[0]
			?.count;

	it('has chunks of one day', async () => {
		const { rows } = await stack.db.query<{ interval: string }>(
			"SELECT time_interval::text AS interval FROM timescaledb_information.dimensions WHERE hypertable_name = 'positions'",
		);

		expect(rows).toEqual([{ interval: '1 day' }]);
	});

	it('flags keys of several devices over both days', async () => {
		const positions = DEVICES.flatMap((device_id) =>
			['2026-06-07T08:00:00.123456Z', '2026-06-08T08:00:00.123456Z'].map((ts) => ({ device_id, ts })),
		);
		const answer = await flag({ positions });

		expect(answer).toMatchObject({ status: 200, body: { data: { matched: 6, changed: 6, missing: [] } } });
		expect(answer.body.data.flags).toHaveLength(DEVICES.length);
		expect(await countFaulty()).toBe(6);
		await flag({ faulty: false, positions });
	});

	it('flags 10,000 keys of one device', async () => {
		const start = Date.parse('2026-06-07T01:00:00.123Z');
		const positions = Array.from({ length: 10_000 }, (_, n) => ({
			device_id: DEVICES[0],
			ts: new Date(start + n * 1000).toISOString().replace('.123Z', '.123456Z'),
		}));

		expect((await flag({ positions })).body.data).toMatchObject({ matched: 10_000, changed: 10_000 });
		await flag({ faulty: false, positions });
	});

	it('flags and unflags a range over both days of every device, past the default decompression limit', async () => {
		const ranges = DEVICES.map((device_id) => ({
			device_id,
			from: '2026-06-07T00:00:00Z',
			to: '2026-06-09T00:00:00Z',
		}));
		const all = DEVICES.length * 2 * FIXES_PER_DAY;

		expect((await flag({ ranges })).body.data).toMatchObject({ matched: all, changed: all });
		expect(await countFaulty()).toBe(all);
		expect((await flag({ faulty: false, ranges })).body.data).toMatchObject({ matched: all, changed: all });
		expect(await countFaulty()).toBe(0);
	});
});
