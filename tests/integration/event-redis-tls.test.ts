import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, type Certificates } from '../support/certificates.js';
import { settledStream } from '../support/events.js';
import { eventually, freePort, type Running } from '../support/processes.js';
import { expectExactlyOnce, linesOf, startLeader, startRelay, writeVehicles } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

let pem: Certificates;
let stack: Stack;
let REDIS: string;
let relay: Running | undefined;

beforeAll(async () => {
	const [made, port] = await Promise.all([makeCertificates(), freePort()]);
	pem = made;
	REDIS = `rediss://127.0.0.1:${port}/0`;

	stack = await startStack({
		serve: false,
		redisServer: {
			arguments: [
				...['--tls-port', `${port}`, '--tls-auth-clients', 'no', '--tls-ca-cert-file', pem.ca],
				...['--tls-cert-file', pem.server.cert, '--tls-key-file', pem.server.key],
			],
		},
	});
});

afterEach(async () => {
	await relay?.end();
	relay = undefined;
});

afterAll(async () => {
	await stack?.stop();
	await pem?.remove();
});

/** Waits until a relay says why it has no Redis. @returns that line. */
async function refusal(env: Record<string, string>): Promise<string> {
	const refused = (relay = startRelay(stack, { REDIS, ...env }));
	return eventually('the relay says why', () => linesOf(refused, 'Redis is not usable')[0]);
}

async function expectPublished(env: Record<string, string>): Promise<void> {
	relay = await startLeader(stack, { REDIS, ...env });
	await writeVehicles(stack, 5);
	expect((await settledStream(stack)).length).toBeGreaterThanOrEqual(5);
	await expectExactlyOnce(stack);
	expect(linesOf(relay, 'WARN')).toEqual([]);
}

describe('a Redis with TLS', () => {
	it('is used when its authority is named in EVENT_REDIS_TLS_CA', () =>
		expectPublished({ EVENT_REDIS_TLS_CA: pem.ca }));

	it('is refused when nobody knows its authority, and the log names the cause', async () => {
		expect(await refusal({})).toMatch(/unable to verify the first certificate|self.signed certificate/);
	});

	it('is refused under a name that its certificate does not have', async () => {
		const elsewhere = REDIS.replace('127.0.0.1', 'localhost');
		expect(await refusal({ REDIS: elsewhere, EVENT_REDIS_TLS_CA: pem.ca })).toContain(
			"does not match certificate's altnames: Host: localhost",
		);
	});

	it('stops a relay whose certificate file cannot be read, and names the variable', async () => {
		relay = startRelay(stack, { REDIS, EVENT_REDIS_TLS_CA: '/nowhere/ca.pem' });
		const ended = relay;
		await eventually('it ends', () => ended.child.exitCode !== null);
		expect(ended.output()).toContain('EVENT_REDIS_TLS_CA: cannot be read (ENOENT)');
	});
});

describe('a Redis that wants a certificate of its clients', () => {
	beforeAll(async () => void (await stack.redis.config('SET', 'tls-auth-clients', 'yes')));

	it('is used with EVENT_REDIS_TLS_CERT and EVENT_REDIS_TLS_KEY', () =>
		expectPublished({
			EVENT_REDIS_TLS_CA: pem.ca,
			EVENT_REDIS_TLS_CERT: pem.client.cert,
			EVENT_REDIS_TLS_KEY: pem.client.key,
		}));

	it('stops a relay whose key is that of another certificate', async () => {
		relay = startRelay(stack, {
			...{ REDIS, EVENT_REDIS_TLS_CA: pem.ca },
			...{ EVENT_REDIS_TLS_CERT: pem.client.cert, EVENT_REDIS_TLS_KEY: pem.server.key },
		});

		const ended = relay;
		await eventually('it ends', () => ended.child.exitCode !== null);
		expect(ended.output()).toContain('EVENT_REDIS_TLS_KEY: the file holds no unencrypted PEM key for the certificate');
	});

	it('refuses a relay without one, and the log names the cause', async () => {
		expect(await refusal({ EVENT_REDIS_TLS_CA: pem.ca })).toContain('certificate required');
	});
});
