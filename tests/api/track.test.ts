import { describe, expect, it } from 'vitest';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

const IMEI = '350000000000001';
const WINDOW = 'from=2026-06-07T08:00:00Z&to=2026-06-07T09:00:00Z';
const PATH = `/positions/track?device_id=${IMEI}&${WINDOW}`;

interface Fix {
	ts: string;
	faulty: boolean;
	suspect: { kind: string; detail: string }[];
}

let stack: Stack;
/** Of a user who may read the trackers of one model only. */
let limitedToken: string;

useServedStack(async (served) => {
	stack = served;
	await stack.create('devices', { imei: IMEI, model: 'FMB920' });
	await stack.create('devices', { imei: '350000000000002', model: 'other' });

	// 120 fixes northwards at 72 km/h, two seconds from fix to arrival; a jump at 30, and flagged faulty at 50.
	await stack.db.query(
		`INSERT INTO positions (device_id, ts, latitude, longitude, speed, satellites, received_at, faulty)
		SELECT $1, ts, 41.3 + n * 0.00018 + CASE WHEN n = 30 THEN 1 ELSE 0 END, 19.8, 72, 11, ts + interval '2 s', n = 50
		FROM (SELECT n, '2026-06-07T08:00:00.123456Z'::timestamptz + n * interval '1 s' AS ts FROM generate_series(0, 119) n) fixes`,
		[IMEI],
	);

	limitedToken = await createLimitedUser();
});

async function createLimitedUser(): Promise<string> {
	const post = async (path: string, body: object) => (await stack.api('POST', path, body)).body.data;
	const policy = await post('/policies', { name: 'Trackers of one model' });
	await post('/permissions', {
		policy: policy.id,
		collection: 'devices',
		action: 'read',
		fields: ['*'],
		permissions: { model: { _eq: 'FMB920' } },
	});
	const role = await post('/roles', { name: 'Limited' });
	await stack.api('POST', '/access', { role: role.id, policy: policy.id });
	const token = 'a-token-of-a-limited-user';
	await post('/users', { email: 'limited@example.com', password: 'not-used-here', role: role.id, token });
	return token;
}

async function read(path: string): Promise<{ data: Fix[]; meta: { next_cursor: string | null } }> {
	const { status, body } = await stack.api('GET', path);
	expect(status).toBe(200);
	return body;
}

describe('a track', () => {
	it('has its fixes in order, with microseconds, and says which look wrong and which are flagged', async () => {
		const { data, meta } = await read(PATH);
		expect(data).toHaveLength(120);
		expect(data[1]).toEqual({
			ts: '2026-06-07T08:00:01.123456Z',
			latitude: expect.closeTo(41.30018, 5),
			longitude: 19.8,
			altitude: null,
			angle: null,
			speed: 72,
			satellites: 11,
			priority: null,
			received_at: '2026-06-07T08:00:03.123456Z',
			faulty: false,
			suspect: [],
		});
		expect(data.flatMap(({ suspect }, n) => (suspect.length > 0 ? [[n, suspect[0]?.kind]] : []))).toEqual([
			[30, 'jump'],
		]);
		expect(data.flatMap(({ faulty }, n) => (faulty ? [n] : []))).toEqual([50]);
		expect(meta).toEqual({ next_cursor: null });
	});

	it('is the same page by page, also where a page begins with the fault', async () => {
		const whole = await read(PATH);
		const pages: Fix[] = [];
		let cursor: string | null = null;

		do {
			const page: Awaited<ReturnType<typeof read>> = await read(`${PATH}&limit=30${cursor ? `&cursor=${cursor}` : ''}`);
			pages.push(...page.data);
			cursor = page.meta.next_cursor;
		} while (cursor !== null);

		expect(pages).toEqual(whole.data);
	});

	it('has no next page after a full one that is the last', async () => {
		expect((await read(`${PATH}&limit=119`)).meta).toEqual({ next_cursor: '2026-06-07T08:01:58.123456Z' });
		expect((await read(`${PATH}&limit=120`)).meta).toEqual({ next_cursor: null });
	});

	it('ends before "to", and is empty where there is nothing', async () => {
		const from = '2026-06-07T08:00:00.123456Z';
		const { data } = await read(`/positions/track?device_id=${IMEI}&from=${from}&to=2026-06-07T08:00:02.123456Z`);
		expect(data.map(({ ts }) => ts.slice(17, 19))).toEqual(['00', '01']);
		expect(
			(await read(`/positions/track?device_id=${IMEI}&from=1970-01-01T00:00:00Z&to=1971-01-01T00:00:00Z`)).data,
		).toEqual([]);
	});
});

describe('permissions', () => {
	it('are those of the tracker: 403 alike for nobody, for one not readable and for one that does not exist', async () => {
		const other = (imei: string) => `/positions/track?device_id=${imei}&${WINDOW}`;

		const answers = await Promise.all([
			stack.api('GET', PATH, undefined, null),
			stack.api('GET', other('350000000000002'), undefined, limitedToken),
			stack.api('GET', other('350000000000003'), undefined, limitedToken),
			stack.api('GET', other('350000000000003')),
		]);

		for (const { status, body } of answers) {
			expect(status).toBe(403);
			expect(body).toEqual(answers[0]?.body);
		}

		expect((await stack.api('GET', PATH, undefined, limitedToken)).status).toBe(200);
	});
});

describe('what no client of ours sends', () => {
	it.each([
		`device_id=${IMEI}`,
		`device_id=%00&${WINDOW}`,
		`device_id[]=${IMEI}&${WINDOW}`,
		`device_id[_eq]=${IMEI}&${WINDOW}`,
		`device_id=' OR 1=1 --&${WINDOW}`,
		`device_id=${'9'.repeat(5000)}&${WINDOW}`,
		`device_id=${IMEI}&from=yesterday&to=now`,
		`device_id=${IMEI}&from=2026-02-30T00:00:00Z&to=2026-06-08T00:00:00Z`,
		`device_id=${IMEI}&from=2026-06-07T08:00:00%2B23:59&to=2026-06-08T00:00:00Z`,
		`device_id=${IMEI}&from=infinity&to=infinity`,
		`device_id=${IMEI}&from=0001-01-01T00:00:00Z&to=294276-01-01T00:00:00Z`,
		`device_id=${IMEI}&from=2026-06-08T00:00:00Z&to=2026-06-07T00:00:00Z`,
		`device_id=${IMEI}&${WINDOW}&limit=0`,
		`device_id=${IMEI}&${WINDOW}&limit=-1`,
		`device_id=${IMEI}&${WINDOW}&limit=20001`,
		`device_id=${IMEI}&${WINDOW}&limit=1e9`,
		`device_id=${IMEI}&${WINDOW}&limit[]=5`,
		`device_id=${IMEI}&${WINDOW}&cursor=%00`,
		`device_id=${IMEI}&${WINDOW}&cursor=2030-01-01T00:00:00Z`,
		`device_id=${IMEI}&${WINDOW}&order=desc`,
	])('is refused with 400: %s', async (query) => {
		const { status, body } = await stack.api('GET', `/positions/track?${query}`);
		expect(status).toBe(400);
		expect(body.errors[0].extensions.code).toMatch(/^INVALID_/);
	});
});
