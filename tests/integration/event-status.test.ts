import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresUrl } from '../support/environment.js';
import { settledStream } from '../support/events.js';
import { eventually } from '../support/processes.js';
import { writeVehicles } from '../support/relay-process.js';
import type { Stack } from '../support/stack.js';
import { PASSWORD, samplesOf, startWatchedStack, TOKEN } from '../support/watched-stack.js';

let stack: Stack;
/** of a user who may sign in and nothing else */
let userToken: string;

beforeAll(async () => {
	({ stack, userToken } = await startWatchedStack());
});

afterAll(() => stack?.stop());

const get = (path: string, authorization?: string, method = 'GET') =>
	fetch(`${stack.url}/event-stream${path}`, {
		method,
		headers: authorization === undefined ? {} : { Authorization: authorization },
	});

async function status() {
	const { status: code, body } = await stack.api('GET', '/event-stream/status');
	expect(code, JSON.stringify(body)).toBe(200);
	return body.data;
}

const metrics = async () => samplesOf(await (await get('/metrics', `Metrics ${TOKEN}`)).text());

describe.each(['/status', '/metrics'])('who may read %s', (path) => {
	it('an administrator, and whoever has a token for metrics', async () => {
		const answers = await Promise.all([
			get(path, `Bearer ${stack.token}`),
			get(path, `Metrics ${TOKEN}`),
			get(path, 'Metrics another-token'),
			get(path, `metrics ${TOKEN}`),
		]);

		expect(
			answers.map(({ status }) => status),
			stack.log().slice(-1_000),
		).toEqual([200, 200, 200, 200]);
		expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(4).fill('no-store'));
	});

	it('nobody else', async () => {
		const answers = await Promise.all([
			get(path),
			get(path, `Bearer ${userToken}`),
			get(path, 'Metrics a-wrong-token'),
			get(path, `Metrics another-token,${TOKEN}`),
			get(path, `Metrics ${stack.token}`),
			get(`${path}?token=${TOKEN}&metrics_token=${TOKEN}`),
			get(path, undefined, 'POST'),
		]);

		for (const answer of answers) {
			expect(answer.status).toBe(403);
			expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
			expect(answer.headers.get('cache-control')).toBe('no-store');
		}

		// These two Directus takes for an access token of its own, and refuses as such.
		const taken = await Promise.all([get(path, `Bearer ${TOKEN}`), get(`${path}?access_token=${TOKEN}`)]);
		expect(taken.map(({ status }) => status)).toEqual([401, 401]);
	});

	it('only reads: HEAD has no body, and what would write is 405', async () => {
		const head = await get(path, `Metrics ${TOKEN}`, 'HEAD');
		expect([head.status, await head.text()]).toEqual([200, '']);

		for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
			const answer = await get(path, `Metrics ${TOKEN}`, method);
			expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
			expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] });
		}
	});
});

describe('the status', () => {
	it('follows the relay: who leads, what was published, and how far each group is', async () => {
		await stack.redis.xgroup('CREATE', stack.stream, 'processor', '0', 'MKSTREAM');
		await stack.redis.xgroup('CREATE', stack.stream, 'a "second"\\group', '0');
		await writeVehicles(stack, 5);
		await settledStream(stack);
		await stack.redis.xreadgroup('GROUP', 'processor', 'worker-1', 'COUNT', 3, 'STREAMS', stack.stream, '>');
		await stack.redis.xack(stack.stream, 'processor', '1-0');

		const found = await eventually('the leader reports it', async () => {
			const now = await status();
			return now.groups.find(({ name }: { name: string }) => name === 'processor')?.pending === 2 && now;
		});

		const { rows } = await stack.db.query<{ pid: number }>('SELECT trm.event_stream_leader() AS pid');

		expect(found).toMatchObject({
			state: 'ok',
			leader: { pid: rows[0]?.pid, name: expect.stringMatching(/:\d+$/), since: expect.stringMatching(/Z$/) },
			lag: { rows: 0, seconds: 0 },
			last_sequence: 5,
			published_sequence: 5,
			retained: { from: 1, rows: 5 },
			stream: { key: stack.stream, length: 5, first: 1, last: 5 },
			parked: { rows: 0, total: 0, newest: [] },
			redis: { usable: true, problem: null },
			totals: { rebuilt: 0, rewound: 0, parked: 0, trimmed_unread: 0 },
		});
		expect(found.groups).toEqual(
			expect.arrayContaining([
				{ name: 'processor', consumers: 1, pending: 2, oldest_pending: 2, last_delivered: 3, lag: 2 },
				{ name: 'a "second"\\group', consumers: 0, pending: 0, oldest_pending: null, last_delivered: 0, lag: 5 },
			]),
		);
		expect(found.report_age_seconds).toBeGreaterThanOrEqual(0);
	});

	it('has the same as metrics, which Prometheus can read', async () => {
		const answer = await get('/metrics', `Metrics ${TOKEN}`);
		const text = await answer.text();

		expect(answer.headers.get('content-type')).toMatch(/^text\/plain;/);
		expect(answer.headers.get('content-type')).toContain('version=0.0.4');

		for (const line of text.trimEnd().split('\n')) {
			expect(line).toMatch(
				/^(# HELP \w+ .+|# TYPE \w+ (gauge|counter)|\w+(\{\w+="([^"\\\n]|\\["\\n])*"\})? -?\d+(\.\d+)?(e[+-]?\d+)?)$/,
			);
		}

		const found = await metrics();
		expect(found.get('trm_event_stream_state{state="ok"}')).toBe(1);
		expect(found.get('trm_event_stream_state{state="down"}')).toBe(0);
		expect(found.get('trm_event_stream_leaders')).toBe(1);
		expect(found.get('trm_event_stream_published_sequence')).toBe(5);
		expect(found.get('trm_event_stream_group_lag_entries{group="processor"}')).toBe(2);
		expect(found.get('trm_event_stream_group_lag_entries{group="a \\"second\\"\\\\group"}')).toBe(5);
		expect(found.get('trm_event_stream_group_oldest_pending_sequence{group="processor"}')).toBe(2);
		expect(found.has('trm_event_stream_group_oldest_pending_sequence{group="a \\"second\\"\\\\group"}')).toBe(false);
	});

	it('is there on the command line too', async () => {
		const [text, json] = await Promise.all([
			stack.trmProcess(['events', 'status']),
			stack.trmProcess(['events', 'status', '--json']),
		]);

		expect([text.code, json.code], text.output + json.output).toEqual([0, 0]);
		expect(text.stdout).toMatch(/^state: ok\./);
		expect(text.stdout).toContain('group processor: 1 consumers, delivered up to 3, 2 behind, 2 pending from 2');
		expect(JSON.parse(json.stdout)).toMatchObject({ state: 'ok', last_sequence: 5 });
	});

	it('shows the newest parked events', async () => {
		await stack.db.query(
			`INSERT INTO trm.event_parked (event_id, type, subject, occurred_at, data, notice_seq, attempts, error, parked_at)
			SELECT gen_random_uuid(), 'trm.test.made', 'test/' || n, now(), '{}', n, 3, 'refused by redis://:x@y', now() + n * interval '1 s'
			FROM generate_series(1, 7) AS n`,
		);

		const { parked } = await status();
		expect(parked.rows).toBe(7);
		expect(parked.newest.map(({ subject }: { subject: string }) => subject)).toEqual(
			[7, 6, 5, 4, 3].map((n) => `test/${n}`),
		);
		expect(parked.newest[0].error).toBe('refused by redis://***@y');
		expect((await metrics()).get('trm_event_stream_parked_rows')).toBe(7);
	});
});

describe('what is wrong', () => {
	it('with Redis: what waits grows, the word is down, and no password is shown', async () => {
		await stack.redisServer.stop();
		await writeVehicles(stack, 2);

		await eventually('the status says that Redis is away', async () => {
			const now = await status();
			return now.redis.usable === false && now.state === 'waiting';
		});

		// As if that had begun a minute ago.
		await stack.db.query("UPDATE trm.event_relay SET redis_since = redis_since - interval '1 minute'");
		const found = await status();
		expect(found).toMatchObject({ state: 'down', redis: { usable: false }, lag: { rows: 2 } });
		expect(found.reason).toContain('Redis cannot be used');
		expect(found.lag.seconds).toBeGreaterThan(0);

		const { code, output } = await stack.trmProcess(['events', 'status']);
		expect(code).toBe(1);
		expect(JSON.stringify(found) + output + (await (await get('/metrics', `Metrics ${TOKEN}`)).text())).not.toContain(
			PASSWORD,
		);
		expect((await metrics()).get('trm_event_stream_state{state="down"}')).toBe(1);

		await stack.redisServer.start();
		await settledStream(stack);
		await eventually('all is well again', async () => (await status()).state === 'ok');
	});

	it('with a lock that somebody holds: 503 in time, and the status again afterwards', async () => {
		const client = await stack.db.connect();
		await client.query('BEGIN; LOCK TABLE trm.event_stream IN ACCESS EXCLUSIVE MODE');

		const answer = await fetch(`${stack.url}/event-stream/status`, {
			headers: { Authorization: `Metrics ${TOKEN}` },
			signal: AbortSignal.timeout(60_000),
		}).finally(() => client.query('ROLLBACK').then(() => client.release()));

		expect(answer.status).toBe(503);
		expect(stack.log()).toContain('canceling statement due to statement timeout');
		await status();
	});

	it('with the database: 503 while it is away, and the status again afterwards', async () => {
		const admin = new pg.Client(postgresUrl());
		await admin.connect();

		await admin.query(`ALTER DATABASE ${stack.database} ALLOW_CONNECTIONS false`);
		await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [stack.database]);
		const answers = await Promise.all(['/status', '/metrics'].map((path) => get(path, `Metrics ${TOKEN}`)));
		const bodies = await Promise.all(answers.map((answer) => answer.json()));
		await admin.query(`ALTER DATABASE ${stack.database} ALLOW_CONNECTIONS true`);
		await admin.end();

		expect(answers.map(({ status }) => status)).toEqual([503, 503]);

		for (const body of bodies) {
			expect(body).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', service: 'database' } }] });
		}

		await eventually('the status is back', async () => (await get('/status', `Metrics ${TOKEN}`)).ok);
	});
});
