import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { directusCli, root } from '../support/environment.js';
import { readStream, settledStream } from '../support/events.js';
import { eventually, freePort, run, type Running } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let replica: Running | null = null;

afterEach(async () => {
	await replica?.end('SIGKILL');
	replica = null;
	await stack?.stop();
});

const write = (url = stack.url) =>
	fetch(`${url}/items/vehicles`, {
		method: 'POST',
		headers: { Authorization: `Bearer ${stack.token}`, 'Content-Type': 'application/json' },
		body: JSON.stringify({ make: 'KTM', model: '450', kind: 'moto' }),
	}).then(({ status }) => expect(status).toBe(200));

/** By SQL, so that no hook wakes the relay. */
const INSERT_DEVICE = `
	INSERT INTO devices (id, imei, status) VALUES (gen_random_uuid(), '350000000000001', 'active')`;

const length = () => stack.redis.xlen(stack.stream);

/** Starts a second Directus on the stack's database and Redis. @returns its address. */
async function startReplica(): Promise<string> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const env = { ...stack.env, PORT: String(port), PUBLIC_URL: url };

	replica = run('node', [directusCli, 'start'], { cwd: root, env });
	await eventually('the replica serves', () =>
		fetch(`${url}/server/ping`).then(
			({ ok }) => ok,
			() => false,
		),
	);

	return url;
}

/** Sessions that hold the leader's lock. */
async function leaders(): Promise<number> {
	const { rows } = await stack.db.query<{ count: number }>(
		`SELECT count(*)::int AS count FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
		WHERE locktype = 'advisory' AND granted AND datname = current_database()
			AND objid = (hashtext('trm.event-stream')::bigint & 4294967295)::oid`,
	);

	return rows[0]?.count ?? 0;
}

const logLines = (text: string) => stack.log().split(text).length - 1;

/** Well below the poll's interval in these tests and well above what a busy machine takes. */
const WOKEN_WITHIN_MS = 20_000;

describe('waking', () => {
	it('does not wait for the poll: neither for a write on the leader nor for one on another replica', async () => {
		stack = await startStack({ env: { EVENT_POLL_INTERVAL: '60000' } });
		await eventually('somebody leads', async () => (await leaders()) === 1);
		const other = await startReplica();
		await sleep(1_000);

		await write();
		await eventually('the event of the leader', async () => (await length()) === 1, WOKEN_WITHIN_MS);
		await write(other);
		await eventually('the event of the other replica', async () => (await length()) === 2, WOKEN_WITHIN_MS);
	});
});

describe('two replicas', () => {
	it('have one leader, and the other takes over when it is killed', async () => {
		stack = await startStack();
		await eventually('somebody leads', async () => (await leaders()) === 1);
		const other = await startReplica();
		await sleep(3_000);
		expect(await leaders()).toBe(1);

		await write();
		await settledStream(stack);
		await stack.end('SIGKILL');
		await write(other);

		const events = await settledStream(stack);
		expect(events.map(({ entryId }) => entryId)).toEqual(['1-0', '2-0']);
	});
});

describe('a shutdown', () => {
	it('publishes what was written just before it', async () => {
		stack = await startStack({ env: { EVENT_POLL_INTERVAL: '60000' } });
		await eventually('somebody leads', async () => (await leaders()) === 1);
		await sleep(1_000);
		await stack.db.query(
			"INSERT INTO devices (id, imei, status) VALUES (gen_random_uuid(), '350000000000001', 'active')",
		);

		expect(await length()).toBe(0);
		await stack.end('SIGTERM');
		expect(await length()).toBe(1);
	});
});

describe('a writer with rights on one table only', () => {
	it('makes events all the same', async () => {
		stack = await startStack();
		const role = `writer_${stack.database}`;
		await stack.db.query(`CREATE ROLE ${role}; GRANT INSERT ON devices TO ${role}`);
		const client = await stack.db.connect();

		try {
			await client.query(`SET ROLE ${role}`);
			await client.query(INSERT_DEVICE);
		} finally {
			await client.query(`RESET ROLE; REVOKE ALL ON devices FROM ${role}; DROP ROLE ${role}`);
			client.release();
		}

		expect(await settledStream(stack)).toHaveLength(1);
	});
});

describe('somebody else writing the stream', () => {
	it('takes no event away: what it displaced follows after it, and the log says so', async () => {
		stack = await startStack();
		await write();
		await settledStream(stack);
		await stack.redis.xadd(stack.stream, '2-0', 'hello', 'world');
		await write();
		await write();

		const own = await eventually('both events arrive', async () => {
			await settledStream(stack);
			const entries = await stack.redis.xrange(stack.stream, '-', '+');
			const events = entries.filter(([, fields]) => fields.includes('specversion'));
			return events.length === 3 && events.map(([entryId]) => entryId);
		});

		expect(own).toEqual(['1-0', '3-0', '4-0']);
		expect(stack.log()).toContain('somebody else writes the stream');
	});

	it('past what any sequence can follow is reported once, and nothing is lost', async () => {
		stack = await startStack();
		await stack.redis.xadd(stack.stream, '18446744073709551000-0', 'hello', 'world');
		await write();
		await sleep(7_000);

		expect(logLines('Redis is not usable')).toBe(1);
		await stack.redis.del(stack.stream);
		expect(await settledStream(stack)).toHaveLength(1);
	});
});

describe('a database that refuses what the relay writes', () => {
	it('is reported once, is not stormed, and everything follows when it accepts again', async () => {
		stack = await startStack();
		await stack.db.query(`
			CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$;
			CREATE TRIGGER refuse BEFORE UPDATE ON trm.event_stream FOR EACH ROW EXECUTE FUNCTION refuse()`);

		for (let n = 0; n < 20; n += 1) {
			await write();
			await sleep(200);
		}

		expect(logLines('The database session is not usable')).toBe(1);
		expect(await readStream(stack)).toHaveLength(0);

		await stack.db.query('DROP TRIGGER refuse ON trm.event_stream');
		expect(await settledStream(stack)).toHaveLength(20);
		expect(logLines('The database session is usable again')).toBe(1);
	});
});
