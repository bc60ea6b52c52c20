import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countFlags, faultyKeys, flag, IMEI, OTHER_IMEI, setUpFlagging, T } from '../support/flagging.js';
import { eventually } from '../support/processes.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let device: string;

setUpFlagging((given) => ({ stack, device } = given));

const everyFix = [IMEI, OTHER_IMEI].flatMap((device_id) =>
	Array.from({ length: 10 }, (_, n) => ({ device_id, ts: T(`08:00:0${n}.123456`) })),
);

describe('two calls at once', () => {
	it('change each fix once, whichever order they name the devices in', async () => {
		const answers = await Promise.all(
			Array.from({ length: 8 }, (_, n) => flag(stack, { positions: n % 2 === 0 ? everyFix : [...everyFix].reverse() })),
		);

		expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
		expect(answers.reduce((sum, { body }) => sum + body.data.changed, 0)).toBe(20);
		expect(await countFlags(stack)).toBe(2);
	});
});

describe('a call beside one that saves the same devices', () => {
	it('succeeds, whichever order the devices are saved in', async () => {
		const { rows } = await stack.db.query<{ id: string }>('SELECT id FROM devices ORDER BY id DESC');

		for (let round = 0; round < 20; round += 1) {
			const save = rows.map(({ id }) => ({ id, model: `round ${round}` }));

			const answers = await Promise.all([
				stack.api('PATCH', '/items/devices', save),
				flag(stack, { faulty: round % 2 === 0, positions: everyFix }),
			]);

			expect(answers).toMatchObject([{ status: 200 }, { status: 200, body: { data: { changed: 20 } } }]);
		}
	});
});

describe('a call that another transaction gets in the way of', () => {
	let other: pg.PoolClient;

	beforeEach(async () => {
		other = await stack.db.connect();
		await other.query('BEGIN');
	});

	afterEach(async () => {
		await other.query('ROLLBACK');
		other.release();
		await stack.db.query('UPDATE devices SET imei = $2 WHERE id = $1', [device, IMEI]);
	});

	/** @returns the backend of the call once it waits for a lock. */
	async function blocked(): Promise<number> {
		return eventually('the call waits', async () => {
			const { rows } = await stack.db.query<{ pid: number }>(
				`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
			);

			return rows[0]?.pid ?? null;
		});
	}

	it('is refused when the IMEI it names becomes another’s meanwhile, and flags nothing', async () => {
		// The IMEI of a tracker that has sent fixes stays.
		await other.query('DELETE FROM positions WHERE device_id = $1', [IMEI]);
		await other.query("UPDATE devices SET imei = '350000000000009' WHERE id = $1", [device]);
		const call = flag(stack, { positions: everyFix });
		await blocked();
		await other.query('COMMIT');

		expect((await call).status).toBe(403);
		expect(await faultyKeys(stack)).toEqual([]);
	});

	it('is tried again after a deadlock', async () => {
		// The other one waits longer, so that Postgres ends the call.
		await other.query("SET LOCAL deadlock_timeout = '1min'");
		await other.query('UPDATE positions SET speed = 1 WHERE device_id = $1', [OTHER_IMEI]);
		const call = flag(stack, { positions: everyFix });
		await blocked();
		await other.query('UPDATE positions SET speed = 1 WHERE device_id = $1', [IMEI]);
		await other.query('COMMIT');

		expect(await call).toMatchObject({ status: 200, body: { data: { changed: 20 } } });
		expect(stack.log()).not.toContain('deadlock');
	});

	it('is answered 503 when its statement is cancelled', async () => {
		await other.query('SELECT FROM devices WHERE id = $1 FOR UPDATE', [device]);
		const call = flag(stack, { positions: everyFix });
		await stack.db.query('SELECT pg_cancel_backend($1)', [await blocked()]);
		const { status, body } = await call;

		expect(status).toBe(503);
		expect(body.errors).toEqual([
			{
				message: 'Service "database" is unavailable. It took longer than it may, ask for less or try again.',
				extensions: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
			},
		]);
	});
});
