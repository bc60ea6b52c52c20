import { afterEach, describe, expect, it } from 'vitest';
import { directusCli, root } from '../support/environment.js';
import { eventually, freePort, run, type Running } from '../support/processes.js';
import { leader } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let replica: Running | null = null;

afterEach(async () => {
	await replica?.end('SIGKILL');
	replica = null;
	await stack?.stop();
});

const write = async (url = stack.url) =>
	fetch(`${url}/items/vehicles`, {
		method: 'POST',
		headers: { Authorization: `Bearer ${stack.token}`, 'Content-Type': 'application/json' },
		body: JSON.stringify({ organization: await stack.home(), make: 'KTM', model: '450', kind: 'moto' }),
	}).then(({ status }) => expect(status).toBe(200));

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

/** Well below the poll's interval in these tests and well above what a busy machine takes. */
const WOKEN_WITHIN_MS = 20_000;

describe('waking', () => {
	it('does not wait for the poll: neither for a write on the leader nor for one on another replica', async () => {
		stack = await startStack({ env: { EVENT_POLL_INTERVAL: '60000' } });
		await eventually('a relay leads, and waits', () => leader(stack));
		const other = await startReplica();

		await write();
		await eventually('the event of the leader', async () => (await length()) === 1, WOKEN_WITHIN_MS);
		await write(other);
		await eventually('the event of the other replica', async () => (await length()) === 2, WOKEN_WITHIN_MS);
	});
});

describe('a shutdown', () => {
	it('publishes what was written just before it', async () => {
		stack = await startStack({ env: { EVENT_POLL_INTERVAL: '60000' } });
		await eventually('a relay leads, and waits', () => leader(stack));
		await stack.db.query(
			`INSERT INTO devices (id, organization, imei, status)
			VALUES (gen_random_uuid(), '${await stack.home()}', '350000000000001', 'active')`,
		);

		expect(await length()).toBe(0);
		await stack.end('SIGTERM');
		expect(await length()).toBe(1);
	});
});
