import { describe, expect, it } from 'vitest';
import { countOutbox } from '../support/events.js';
import { countFlags, faultyKeys, flag, IMEI, setUpFlagging, T } from '../support/flagging.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;

setUpFlagging((given) => ({ stack } = given));

describe('permission', () => {
	const body = { positions: [{ device_id: IMEI, ts: T('08:00:01.123456') }] };

	async function userWith(permissions: { collection: string; action: string; fields?: string[] }[]): Promise<string> {
		const token = crypto.randomUUID();
		const policy = await stack.api('POST', '/policies', { name: 'under test', app_access: true });

		for (const permission of permissions) {
			const made = { policy: policy.body.data.id, permissions: {}, fields: ['*'], ...permission };
			await stack.api('POST', '/permissions', made);
		}

		await stack.api('POST', '/users', {
			email: `${token}@example.com`,
			token,
			policies: { create: [{ policy: { id: policy.body.data.id } }], update: [], delete: [] },
		});

		return token;
	}

	async function expectForbidden(token: string | null, forBody: unknown = body): Promise<void> {
		const before = await countOutbox(stack);
		const answer = await flag(stack, forBody, token);

		expect(answer.status).toBe(403);
		expect(answer.body.errors[0].extensions.code).toBe('FORBIDDEN');
		expect(await faultyKeys(stack)).toEqual([]);
		expect(await countFlags(stack)).toBe(0);
		expect(await countOutbox(stack)).toBe(before);
	}

	const readDevices = { collection: 'devices', action: 'read' };
	const createFlags = { collection: 'position_flags', action: 'create' };

	it('is refused to the unauthenticated', () => expectForbidden(null));
	it('is refused to the unauthenticated before the body is looked at', () => expectForbidden(null, { nonsense: true }));
	it('is refused without any right', async () => expectForbidden(await userWith([])));
	it('is refused without the right to read the device', async () => expectForbidden(await userWith([createFlags])));
	it('is refused without the right to create flags', async () => expectForbidden(await userWith([readDevices])));

	it('is refused without the right to create flags even when nothing would change', async () => {
		const nothing = { positions: [{ device_id: IMEI, ts: T('23:00:00') }] };
		await expectForbidden(await userWith([readDevices]), nothing);
	});

	it('answers a device that does not exist like one that is not yours', () =>
		expectForbidden(stack.token, { positions: [{ device_id: 'unknown', ts: T('08:00:00') }] }));

	it('writes nothing when one device of several is not readable', () =>
		expectForbidden(stack.token, { positions: [...body.positions, { device_id: 'unknown', ts: T('08:00:00') }] }));

	it('is granted by reading the device and creating flags, and records the user', async () => {
		const token = await userWith([readDevices, createFlags, { collection: 'position_flags', action: 'read' }]);
		const answer = await flag(stack, body, token);
		const me = await stack.api('GET', '/users/me', undefined, token);
		const { rows } = await stack.db.query('SELECT user_created FROM position_flags');

		expect(answer).toMatchObject({ status: 200, body: { data: { changed: 1 } } });
		expect(rows).toEqual([{ user_created: me.body.data.id }]);
	});
});

describe('hostile input', () => {
	const key = { device_id: IMEI, ts: T('08:00:01.123456') };

	it.each([
		['no JSON', '{"positions": [', 400],
		['an empty body', '', 400],
		['an array', [], 400],
		['a number', '7', 400],
		['neither keys nor ranges', {}, 400],
		[
			'both keys and ranges',
			{ positions: [key], ranges: [{ device_id: IMEI, from: T('08:00:00'), to: T('09:00:00') }] },
			400,
		],
		['no keys', { positions: [] }, 400],
		['a text for keys', { positions: 'all' }, 400],
		['an unknown member', { positions: [key], where: '1=1' }, 400],
		['a number for a time', { positions: [{ device_id: IMEI, ts: 1780819201 }] }, 400],
		['SQL for a time', { positions: [{ device_id: IMEI, ts: "now()'; DROP TABLE positions; --" }] }, 400],
		['SQL for a device', { positions: [{ device_id: "' OR '1'='1", ts: key.ts }] }, 400],
		['an absurd year', { positions: [{ device_id: IMEI, ts: '9999-12-31T23:59:59Z' }] }, 400],
		['the year 0', { positions: [{ device_id: IMEI, ts: '0000-01-01T00:00:00Z' }] }, 400],
		['30 February', { positions: [{ device_id: IMEI, ts: '2026-02-30T00:00:00Z' }] }, 400],
		['infinity', { ranges: [{ device_id: IMEI, from: '-infinity', to: 'infinity' }] }, 400],
		[
			'a range that ends before it begins',
			{ ranges: [{ device_id: IMEI, from: T('09:00:00'), to: T('08:00:00') }] },
			400,
		],
		['a NUL character in the reason', { positions: [key], reason: 'a\0b' }, 400],
		['a NUL character in the device', { positions: [{ device_id: `${IMEI}\0`, ts: key.ts }] }, 400],
		['half a surrogate pair', { positions: [key], reason: '\ud800' }, 400],
		['a reason of 501 characters', { positions: [key], reason: 'x'.repeat(501) }, 400],
		['a text for faulty', { positions: [key], faulty: 'true' }, 400],
		['10,001 keys', { positions: Array.from({ length: 10_001 }, () => key) }, 413],
		['3 MB of keys', { positions: Array.from({ length: 40_000 }, () => key) }, 413],
		[
			'101 ranges',
			{ ranges: Array.from({ length: 101 }, () => ({ device_id: IMEI, from: T('08:00:00'), to: T('09:00:00') })) },
			413,
		],
	])('answers %s with a 4xx and writes nothing', async (_, body, status) => {
		const before = await countOutbox(stack);
		const answer = await flag(stack, body);

		expect(answer.status).toBe(status);
		expect(answer.body.errors[0].extensions.code).toBe(status === 413 ? 'CONTENT_TOO_LARGE' : 'INVALID_PAYLOAD');
		expect(await faultyKeys(stack)).toEqual([]);
		expect(await countOutbox(stack)).toBe(before);
	});

	it('tells the path of each problem', async () => {
		const { body } = await flag(stack, {
			positions: [key, { device_id: IMEI, ts: 'x' }, { device_id: '', ts: key.ts }],
		});

		expect(body.errors.map((error: { extensions: { path: string } }) => error.extensions.path)).toEqual([
			'positions[1].ts',
			'positions[2].device_id',
		]);
	});

	it('says what is wrong in words', async () => {
		const { body } = await flag(stack, { positions: [key], faulty: 'yes' });
		expect(body.errors[0].message).toBe('Invalid payload. "faulty": Invalid input: expected boolean, received string');
	});

	it('keeps SQL in the reason as text', async () => {
		const reason = "'); DELETE FROM positions; --";
		const { body } = await flag(stack, { positions: [key], reason });
		const { rows } = await stack.db.query('SELECT reason FROM position_flags');

		expect(body.data.changed).toBe(1);
		expect(rows).toEqual([{ reason }]);
	});
});
