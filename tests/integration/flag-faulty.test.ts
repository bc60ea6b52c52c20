import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countOutbox, settledStream } from '../support/events.js';
import { startStack, type Stack } from '../support/stack.js';

const IMEI = '350000000000001';
const OTHER_IMEI = '350000000000002';
const DAY = '2026-06-07T';
const T = (time: string) => `${DAY}${time}Z`;

let stack: Stack;
let device: string;

beforeAll(async () => {
	stack = await startStack();
	device = (await stack.create('devices', { imei: IMEI })).id;
	await stack.create('devices', { imei: OTHER_IMEI });
});

afterAll(() => stack?.stop());

/** Ten fixes of each device, one second apart, with microseconds that no Date can hold. */
beforeEach(async () => {
	await stack.db.query('DELETE FROM position_flags');
	await stack.db.query('DELETE FROM positions');
	await stack.db.query(
		`INSERT INTO positions (device_id, ts, latitude, longitude)
		SELECT device_id, '${DAY}08:00:00.123456Z'::timestamptz + second * interval '1 second', 41.3, 19.8
		FROM unnest($1::text[]) AS device_id, generate_series(0, 9) AS second`,
		[[IMEI, OTHER_IMEI]],
	);
});

const flag = (body: unknown, token?: string | null) =>
	token === undefined
		? stack.api('POST', '/positions/flag-faulty', body)
		: stack.api('POST', '/positions/flag-faulty', body, token);

async function faultyKeys(): Promise<string[]> {
	const { rows } = await stack.db.query<{ key: string }>(
		`SELECT device_id || ' ' || to_char(ts AT TIME ZONE 'UTC', 'HH24:MI:SS.US') AS key
		FROM positions WHERE faulty ORDER BY device_id, ts`,
	);

	return rows.map(({ key }) => key);
}

async function countFlags(): Promise<number> {
	const { rows } = await stack.db.query<{ count: number }>('SELECT count(*)::int AS count FROM position_flags');
	return rows[0]?.count ?? 0;
}

describe('flagging by key', () => {
	it('changes the row, records who and how many, and puts one event into the stream', async () => {
		const before = (await settledStream(stack)).length;
		const answer = await flag({
			reason: 'jumped to the sea',
			positions: [
				{ device_id: IMEI, ts: T('08:00:01.123456') },
				{ device_id: IMEI, ts: T('08:00:02.123457') },
			],
		});

		expect(answer).toMatchObject({
			status: 200,
			body: {
				data: {
					matched: 1,
					changed: 1,
					missing: [{ device_id: IMEI, ts: T('08:00:02.123457') }],
					flags: [{ device_id: IMEI, device, matched: 1, changed: 1 }],
				},
			},
		});

		expect(await faultyKeys()).toEqual([`${IMEI} 08:00:01.123456`]);

		const { request, flags } = answer.body.data;
		const { rows } = await stack.db.query('SELECT *, "to" - "from" AS width FROM position_flags');
		const admin = await stack.api('GET', '/users/me');

		expect(rows).toMatchObject([
			{
				id: flags[0].id,
				request,
				device,
				faulty: true,
				reason: 'jumped to the sea',
				keys: [T('08:00:01.123456')],
				matched: 1,
				changed: 1,
				user_created: admin.body.data.id,
			},
		]);

		const added = (await settledStream(stack)).slice(before);

		expect(added).toHaveLength(1);
		expect(added[0]?.fields).toMatchObject({
			specversion: '1.0',
			type: 'trm.positions.flagged',
			subject: `positions/${IMEI}`,
			datacontenttype: 'application/json',
		});
		expect(added[0]?.entryId).toBe(`${added[0]?.fields['sequence']}-0`);
		expect(added[0]?.data).toMatchObject({
			request,
			faulty: true,
			reason: 'jumped to the sea',
			from: T('08:00:01.123456'),
			to: T('08:00:01.123457'),
			keys: [T('08:00:01.123456')],
			changed: 1,
		});
	});

	it('changes nothing, writes nothing and sends nothing when it is repeated', async () => {
		const body = { positions: [{ device_id: IMEI, ts: T('08:00:01.123456') }] };

		await flag(body);
		const [events, flags] = [await countOutbox(stack), await countFlags()];
		const again = await flag(body);

		expect(again).toMatchObject({ status: 200, body: { data: { matched: 1, changed: 0, flags: [], missing: [] } } });
		expect([await countOutbox(stack), await countFlags()]).toEqual([events, flags]);
	});

	it('makes a flag and an event for each device, all under one request', async () => {
		const before = (await settledStream(stack)).length;
		const { body } = await flag({
			positions: [
				{ device_id: OTHER_IMEI, ts: T('08:00:01.123456') },
				{ device_id: IMEI, ts: T('08:00:01.123456') },
			],
		});

		expect(body.data.flags.map((made: { device_id: string }) => made.device_id)).toEqual([IMEI, OTHER_IMEI]);

		const added = (await settledStream(stack)).slice(before);
		expect(added.map(({ data }) => data.request)).toEqual([body.data.request, body.data.request]);
		expect(added.map(({ fields }) => fields['subject'])).toEqual([`positions/${IMEI}`, `positions/${OTHER_IMEI}`]);
	});

	it('leaves keys out of the event past 1,000 and tells the window instead', async () => {
		await stack.db.query(
			`INSERT INTO positions (device_id, ts)
			SELECT $1, '${DAY}10:00:00Z'::timestamptz + n * interval '1 second' FROM generate_series(0, 1000) AS n`,
			[IMEI],
		);

		const keys = Array.from({ length: 1001 }, (_, n) => new Date(Date.parse(T('10:00:00')) + n * 1000).toISOString());
		const { body } = await flag({ positions: keys.map((ts) => ({ device_id: IMEI, ts })) });
		const event = (await settledStream(stack)).at(-1);

		expect(body.data.changed).toBe(1001);
		expect(event?.data).toMatchObject({ keys: null, from: T('10:00:00.000000'), to: T('10:16:40.000001') });
	});

	it('flags 10,000 keys in one call', async () => {
		await stack.db.query(
			`INSERT INTO positions (device_id, ts)
			SELECT $1, '${DAY}10:00:00Z'::timestamptz + n * interval '1 second' FROM generate_series(0, 9999) AS n`,
			[IMEI],
		);

		const keys = Array.from({ length: 10_000 }, (_, n) => new Date(Date.parse(T('10:00:00')) + n * 1000).toISOString());
		const answer = await flag({ positions: keys.map((ts) => ({ device_id: IMEI, ts })) });

		expect(answer).toMatchObject({ status: 200, body: { data: { matched: 10_000, changed: 10_000 } } });
	});
});

describe('flagging by range', () => {
	it('takes from and leaves to out', async () => {
		const { body } = await flag({
			ranges: [{ device_id: IMEI, from: T('08:00:01.123456'), to: T('08:00:03.123456') }],
		});

		expect(body.data).toMatchObject({ matched: 2, changed: 2, missing: [] });
		expect(await faultyKeys()).toEqual([`${IMEI} 08:00:01.123456`, `${IMEI} 08:00:02.123456`]);
	});

	it('counts a fix once where ranges overlap, and tells the ranges as they were joined', async () => {
		const { body } = await flag({
			ranges: [
				{ device_id: IMEI, from: T('08:00:00'), to: T('08:00:04') },
				{ device_id: IMEI, from: T('08:00:02'), to: T('08:00:06') },
			],
		});

		expect(body.data).toMatchObject({ matched: 6, changed: 6 });

		const event = (await settledStream(stack)).at(-1);
		expect(event?.data).toMatchObject({
			keys: null,
			ranges: [{ from: T('08:00:00.000000'), to: T('08:00:06.000000') }],
			from: T('08:00:00.000000'),
			to: T('08:00:06.000000'),
		});
	});

	it('unflags what it flagged', async () => {
		const ranges = [{ device_id: IMEI, from: T('08:00:00'), to: T('09:00:00') }];

		await flag({ ranges });
		const undone = await flag({ faulty: false, ranges, reason: 'tracker was right' });

		expect(undone.body.data).toMatchObject({ matched: 10, changed: 10 });
		expect(await faultyKeys()).toEqual([]);
		expect((await settledStream(stack)).at(-1)?.data).toMatchObject({ faulty: false, changed: 10 });
	});
});

describe('two calls at once', () => {
	it('change each fix once, whichever order they name the devices in', async () => {
		const positions = [IMEI, OTHER_IMEI].flatMap((device_id) =>
			Array.from({ length: 10 }, (_, n) => ({ device_id, ts: T(`08:00:0${n}.123456`) })),
		);

		const answers = await Promise.all(
			Array.from({ length: 8 }, (_, n) => flag({ positions: n % 2 === 0 ? positions : [...positions].reverse() })),
		);

		expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
		expect(answers.reduce((sum, { body }) => sum + body.data.changed, 0)).toBe(20);
		expect(await countFlags()).toBe(2);
	});
});

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
		const answer = await flag(forBody, token);

		expect(answer.status).toBe(403);
		expect(answer.body.errors[0].extensions.code).toBe('FORBIDDEN');
		expect(await faultyKeys()).toEqual([]);
		expect(await countFlags()).toBe(0);
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
		const answer = await flag(body, token);
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
		const answer = await flag(body);

		expect(answer.status).toBe(status);
		expect(answer.body.errors[0].extensions.code).toBe(status === 413 ? 'CONTENT_TOO_LARGE' : 'INVALID_PAYLOAD');
		expect(await faultyKeys()).toEqual([]);
		expect(await countOutbox(stack)).toBe(before);
	});

	it('tells the path of each problem', async () => {
		const { body } = await flag({ positions: [key, { device_id: IMEI, ts: 'x' }, { device_id: '', ts: key.ts }] });

		expect(body.errors.map((error: { extensions: { path: string } }) => error.extensions.path)).toEqual([
			'positions[1].ts',
			'positions[2].device_id',
		]);
	});

	it('says what is wrong in words', async () => {
		const { body } = await flag({ positions: [key], faulty: 'yes' });
		expect(body.errors[0].message).toBe('Invalid payload. "faulty": Invalid input: expected boolean, received string');
	});

	it('keeps SQL in the reason as text', async () => {
		const reason = "'); DELETE FROM positions; --";
		const { body } = await flag({ positions: [key], reason });
		const { rows } = await stack.db.query('SELECT reason FROM position_flags');

		expect(body.data.changed).toBe(1);
		expect(rows).toEqual([{ reason }]);
	});
});
