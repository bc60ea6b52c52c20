import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flagOf, makeEvent, newImei, type EventFixture } from '../support/event-fixture.js';
import { insertFlag } from '../support/flagging.js';
import { eventually } from '../support/processes.js';
import { useServedStack } from '../support/served.js';
import type { Answer, Stack } from '../support/stack.js';

const REMEDY = 'make a new device with the other IMEI, and retire this one';

let stack: Stack;
let given: EventFixture;
/** a device that nothing refers to, and its IMEI */
let fresh: string;
let imei: string;

useServedStack(async (served) => {
	stack = served;
	given = await makeEvent(stack);
});

beforeEach(async () => {
	imei = newImei();
	fresh = (await stack.create('devices', { imei, organization: given.organization })).id;
});

const change = (device: string, to = newImei()) => stack.api('PATCH', `/items/devices/${device}`, { imei: to });

const imeiOf = async (device: string) =>
	(await stack.db.query('SELECT imei FROM devices WHERE id = $1', [device])).rows[0].imei;

const ASSIGN = `INSERT INTO entry_devices (id, entry, device, role, assigned_from)
	VALUES (gen_random_uuid(), $1, $2, 'backup', '2026-06-07T00:00:00Z')`;

const sendFix = (deviceId: string) =>
	stack.db.query(`INSERT INTO positions (device_id, ts) VALUES ($1, '2026-06-07T08:00:00Z')`, [deviceId]);

async function expectRefusal(answer: Promise<Answer>, device: string, before: string): Promise<void> {
	const { status, body } = await answer;
	expect([status, body.errors[0].extensions.code]).toEqual([400, 'INVALID_PAYLOAD']);
	expect(body.errors[0].message).toContain(REMEDY);
	expect(await imeiOf(device)).toBe(before);
}

describe('the IMEI of a device', () => {
	it('can be changed while nothing refers to it', async () => {
		const other = newImei();
		expect((await change(fresh, other)).status).toBe(200);
		expect(await imeiOf(fresh)).toBe(other);
	});

	it.each<[string, () => Promise<unknown>]>([
		['was assigned', () => stack.db.query(ASSIGN, [given.entry, fresh])],
		['was flagged', () => insertFlag(stack, flagOf(fresh))],
		['has sent fixes', () => sendFix(imei)],
	])('stays once the tracker %s, also for an administrator', async (_, happen) => {
		await happen();
		await expectRefusal(change(fresh), fresh, imei);
	});

	it('stays where others of the same call may change', async () => {
		const other = (await stack.create('devices', { imei: newImei(), organization: given.organization })).id;
		const before = await imeiOf(other);
		await stack.db.query(ASSIGN, [given.entry, fresh]);

		const save = [other, fresh].map((id) => ({ id, imei: newImei() }));
		await expectRefusal(stack.api('PATCH', '/items/devices', save), fresh, imei);
		expect(await imeiOf(other)).toBe(before);
	});

	it('does not keep the rest of the device from being changed, nor from being saved as it is', async () => {
		await stack.db.query(ASSIGN, [given.entry, fresh]);
		const { status } = await stack.api('PATCH', `/items/devices/${fresh}`, { imei, status: 'retired' });
		expect(status).toBe(200);
	});

	it('may be one that has already sent fixes, for a new device', async () => {
		const early = newImei();
		await sendFix(early);
		expect((await stack.api('POST', '/items/devices', { organization: await stack.home(), imei: early })).status).toBe(
			200,
		);
	});

	it('is kept with the rights of a server that does not own the database', async () => {
		await sendFix(imei);
		const client = await stack.db.connect();

		try {
			await client.query('BEGIN; SET LOCAL ROLE trm_directus');
			const changing = client.query('UPDATE devices SET imei = $2 WHERE id = $1', [fresh, newImei()]);
			await expect(changing).rejects.toMatchObject({ code: '22023', table: 'devices', column: 'imei' });
		} finally {
			await client.query('ROLLBACK');
			client.release();
		}
	});
});

describe('at the same moment', () => {
	let other: pg.PoolClient;

	beforeEach(async () => {
		other = await stack.db.connect();
		await other.query('BEGIN');
	});

	afterEach(async () => {
		await other.query('ROLLBACK');
		other.release();
	});

	/** Commits the other session once the request waits for it. */
	async function commitWhenBlocked<T>(request: Promise<T>): Promise<T> {
		// It may be refused before it is awaited below.
		request.catch(() => undefined);

		await eventually('the request waits', async () => {
			const { rows } = await stack.db.query(
				`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
			);
			return rows.length > 0;
		});

		await other.query('COMMIT');
		return request;
	}

	it.each<[string, () => Promise<unknown>]>([
		['an assignment', () => other.query(ASSIGN, [given.entry, fresh])],
		[
			'an assignment that is moved to it',
			async () => {
				const spare = (await stack.create('devices', { imei: newImei(), organization: given.organization })).id;
				await stack.db.query(ASSIGN, [given.entry, spare]);
				await other.query('UPDATE entry_devices SET device = $2 WHERE device = $1', [spare, fresh]);
			},
		],
		[
			'a flag',
			async () => {
				await other.query("SET LOCAL trm.flagging = 'on'");
				const row = { id: crypto.randomUUID(), ...flagOf(fresh) };
				const sql = 'INSERT INTO position_flags SELECT * FROM json_populate_record(NULL::position_flags, $1)';
				await other.query(sql, [JSON.stringify(row)]);
			},
		],
	])('%s that is not yet committed makes the change wait, and refuses it', async (_, insert) => {
		await insert();
		await expectRefusal(commitWhenBlocked(change(fresh)), fresh, imei);
	});

	it('a change that is not yet committed makes an assignment wait, which then holds the other IMEI', async () => {
		const changed = newImei();
		await other.query('UPDATE devices SET imei = $2 WHERE id = $1', [fresh, changed]);
		await commitWhenBlocked(stack.db.query(ASSIGN, [given.entry, fresh]));
		await expectRefusal(change(fresh), fresh, changed);
	});

	it('a session that cannot see what it waited for may not change it', async () => {
		await other.query(ASSIGN, [given.entry, fresh]);
		const late = await stack.db.connect();

		try {
			await late.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM devices LIMIT 1');
			const changing = late.query('UPDATE devices SET imei = $2 WHERE id = $1', [fresh, newImei()]);
			await expect(commitWhenBlocked(changing)).rejects.toMatchObject({ code: '22023' });
		} finally {
			await late.query('ROLLBACK');
			late.release();
		}
	});
});
