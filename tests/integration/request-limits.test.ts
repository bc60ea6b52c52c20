import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';

/** What a request to our routes may cost, and where it may come from. The last test uses the limiter up. */
let stack: Stack;

const IMEI = '350000000000001';
const TS = '2026-06-07T08:00:00.000000Z';
const FLAG = JSON.stringify({ positions: [{ device_id: IMEI, ts: TS }] });
const POINTS = 40;

beforeAll(async () => {
	stack = await startStack({
		env: {
			POSITIONS_TIME_LIMIT: '1s',
			DB_OPTIONS: '-c statement_timeout=30s',
			RATE_LIMITER_ENABLED: 'true',
			RATE_LIMITER_POINTS: String(POINTS),
			RATE_LIMITER_DURATION: '600',
		},
	});
	await stack.create('devices', { imei: IMEI });
	await stack.db.query('INSERT INTO positions (device_id, ts) VALUES ($1, $2)', [IMEI, TS]);
	// What a start has in memory is forgotten once more a moment later, and to read the data model anew takes a lock on every table.
	await sleep(3_000);
	await stack.api('GET', '/items/devices');
});

afterAll(() => stack?.stop());

const flag = (headers: Record<string, string>) =>
	fetch(`${stack.url}/positions/flag-faulty`, { method: 'POST', headers, body: FLAG });

const bearer = () => ({ Authorization: `Bearer ${stack.token}`, 'Content-Type': 'application/json' });

const isFaulty = async () => (await stack.db.query('SELECT faulty FROM positions')).rows[0].faulty;

it.each([
	['flags', () => flag(bearer())],
	[
		'a track',
		() =>
			fetch(`${stack.url}/positions/track?device_id=${IMEI}&from=${TS}&to=2026-06-08T00:00:00Z`, {
				headers: bearer(),
			}),
	],
])('a request for %s that would wait for longer than the time limit is told so, and writes nothing', async (_, ask) => {
	const client = await stack.db.connect();

	try {
		await client.query('BEGIN; LOCK TABLE positions IN ACCESS EXCLUSIVE MODE');
		const answer = await ask();
		expect(answer.status).toBe(503);

		const { errors } = (await answer.json()) as { errors: { message: string }[] };
		expect(errors[0]?.message).toContain('longer than 1 s, and nothing was written');
	} finally {
		await client.query('ROLLBACK');
		client.release();
	}

	expect(await isFaulty()).toBe(false);
});

it("another site's form cannot flag with the cookie of somebody who is signed in; the app can", async () => {
	const { headers } = await fetch(`${stack.url}/auth/login`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ email: stack.adminEmail, password: stack.adminPassword, mode: 'session' }),
	});
	const [set = ''] = headers.getSetCookie();
	expect(set).toMatch(/SameSite=(Lax|Strict)/);
	expect(set).toContain('HttpOnly');
	const cookie = set.slice(0, set.indexOf(';'));

	// What a form can send without the browser asking the server first.
	for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
		expect((await flag({ Cookie: cookie, 'Content-Type': type })).status).toBe(400);
		expect(await isFaulty()).toBe(false);
	}

	expect((await flag({ Cookie: cookie, 'Content-Type': 'application/json' })).status).toBe(200);
	expect(await isFaulty()).toBe(true);
});

it('the rate limiter of Directus stands before our routes too', async () => {
	const answers = await Promise.all(Array.from({ length: POINTS }, () => flag(bearer())));
	const refused = answers.filter(({ status }) => status === 429);

	expect(refused.length).toBeGreaterThan(0);
	expect(refused[0]?.headers.get('Retry-After')).not.toBeNull();
});
