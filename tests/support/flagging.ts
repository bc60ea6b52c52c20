import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeEach } from 'vitest';
import { useServedStack } from './served.js';
import type { Stack } from './stack.js';

export const IMEI = '350000000000001';
export const OTHER_IMEI = '350000000000002';
export const DAY = '2026-06-07T';

/** A time of the day in UTC, as the API writes it: `T('08:00:00')`. */
export const T = (time: string) => `${DAY}${time}Z`;

/** For a whole test file: the served stack with two devices, `device` the id of the first, and the fixes anew before each test. */
export function setUpFlagging(take: (given: { stack: Stack; device: string }) => void): void {
	let stack: Stack;

	useServedStack(async (served) => {
		stack = served;
		await stack.create('devices', { imei: OTHER_IMEI });
		take({ stack, device: (await stack.create('devices', { imei: IMEI })).id });
	});

	beforeEach(() => resetFixes(stack));
}

/** Runs a statement that may write position_flags, as flag-faulty does it and a DBA can. */
export async function queryFlagging({ db }: Stack, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
	const client = await db.connect();

	try {
		await client.query("BEGIN; SET LOCAL trm.flagging = 'on'");
		const result = await client.query(sql, values);
		await client.query('COMMIT');
		return result;
	} catch (error) {
		await client.query('ROLLBACK');
		throw error;
	} finally {
		client.release();
	}
}

/** An item of position_flags without a call. @returns its id. */
export async function insertFlag(stack: Stack, item: object): Promise<string> {
	const id = randomUUID();
	const sql = 'INSERT INTO position_flags SELECT * FROM json_populate_record(NULL::position_flags, $1)';
	await queryFlagging(stack, sql, [JSON.stringify({ id, ...item })]);
	return id;
}

/** Ten fixes of each device from 08:00:00.123456 on, a second apart: microseconds that no Date can hold. No flags. */
async function resetFixes(stack: Stack): Promise<void> {
	await queryFlagging(stack, 'DELETE FROM position_flags');
	await stack.db.query('DELETE FROM positions');
	await stack.db.query(
		`INSERT INTO positions (device_id, ts, latitude, longitude)
		SELECT device_id, '${DAY}08:00:00.123456Z'::timestamptz + second * interval '1 second', 41.3, 19.8
		FROM unnest($1::text[]) AS device_id, generate_series(0, 9) AS second`,
		[[IMEI, OTHER_IMEI]],
	);
}

/** A call of the endpoint, as administrator unless told. */
export const flag = (stack: Stack, body: unknown, token: string | null = stack.token) =>
	stack.api('POST', '/positions/flag-faulty', body, token);

/** The flagged fixes, as `<device> HH:MM:SS.ffffff`. */
export async function faultyKeys({ db }: Stack): Promise<string[]> {
	const { rows } = await db.query<{ key: string }>(
		`SELECT device_id || ' ' || to_char(ts AT TIME ZONE 'UTC', 'HH24:MI:SS.US') AS key
		FROM positions WHERE faulty ORDER BY device_id, ts`,
	);

	return rows.map(({ key }) => key);
}

export async function countFlags({ db }: Stack): Promise<number> {
	const { rows } = await db.query<{ count: number }>('SELECT count(*)::int AS count FROM position_flags');
	return rows[0]?.count ?? 0;
}
