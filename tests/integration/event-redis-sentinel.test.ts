import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedRules, PASSWORD } from '../support/documented-acl.js';
import { readStream, settledStream } from '../support/events.js';
import { eventually, type Running } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';
import { expectExactlyOnce, linesOf, startLeader, writeVehicles } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let servers: RedisServer[] = [];
let sentinels: RedisServer[] = [];
let relay: Running;
const clients = new Map<RedisServer, Redis>();

/** A client of the test's own for one server, whoever is master. */
function clientOf(server: RedisServer): Redis {
	const client = clients.get(server) ?? new Redis(server.url, { retryStrategy: () => 100, maxRetriesPerRequest: 0 });
	client.on('error', () => undefined);
	clients.set(server, client);
	return client;
}

/** Where the events are to be, for what takes a stack. */
const at = (server: RedisServer) => ({ db: stack.db, stream: stack.stream, redis: clientOf(server) });

const roleOf = async (server: RedisServer) => {
	const reply = (await clientOf(server)
		.call('ROLE')
		.catch(() => null)) as unknown[] | null;
	return reply?.[0];
};

/** Waits until the Sentinels name another master than this one, and it has taken over. */
async function masterAfter(old: RedisServer): Promise<RedisServer> {
	return eventually('there is a new master', async () => {
		const [sentinel] = sentinels as [RedisServer];
		const [, port] = (await clientOf(sentinel).call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'race')) as [string, string];
		const master = servers.find((server) => server.port === Number(port));
		return master !== undefined && master !== old && (await roleOf(master)) === 'master' && master;
	});
}

beforeAll(async () => {
	const [started, master] = await Promise.all([startStack({ serve: false }), RedisServer.start()]);
	stack = started;
	const replicating = ['on', `>${PASSWORD}`, '+psync', '+replconf', '+ping'];
	await clientOf(master).call('ACL', 'SETUSER', 'replica', ...replicating);

	const replica = await RedisServer.start({
		arguments: [
			...['--replicaof', '127.0.0.1', `${master.port}`],
			...['--masteruser', 'replica', '--masterauth', PASSWORD],
		],
	});

	servers = [master, replica];

	sentinels = await Promise.all(
		[1, 2, 3].map(() =>
			RedisServer.start({
				persistent: false,
				arguments: ['--sentinel'],
				configuration: [
					`sentinel monitor race 127.0.0.1 ${master.port} 2`,
					'sentinel down-after-milliseconds race 1500',
					'sentinel failover-timeout race 6000',
				],
			}),
		),
	);

	for (const sentinel of sentinels) {
		await clientOf(sentinel).call('ACL', 'SETUSER', ...['relay', 'reset'], ...documentedRules('relay', 'Sentinel'));

		await eventually('the Sentinels know each other and the replica', async () => {
			const [reply] = [(await clientOf(sentinel).call('SENTINEL', 'MASTER', 'race')) as string[]];
			const value = (name: string) => reply[reply.indexOf(name) + 1];
			return value('num-other-sentinels') === '2' && value('num-slaves') === '1';
		});
	}

	const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
	relay = await startLeader(stack, {
		REDIS: `redis-sentinel://${hosts}/0#race`,
		EVENT_REDIS_SENTINEL_USERNAME: 'relay',
		EVENT_REDIS_SENTINEL_PASSWORD: PASSWORD,
	});
});

afterAll(async () => {
	await relay?.end();
	for (const client of clients.values()) client.disconnect();
	await Promise.all([...sentinels, ...servers].map((server) => server.remove()));
	await stack?.stop();
});

describe('a master that Sentinels watch', () => {
	it('is killed with entries that no replica has: they come again on the new one, and each event is there once', async () => {
		const [master, replica] = servers as [RedisServer, RedisServer];
		await writeVehicles(stack, 20);
		await settledStream(at(master));
		await eventually('the replica has them', async () => (await clientOf(replica).xlen(stack.stream)) === 20);

		// Replication ends, and nobody but the two knows.
		await clientOf(master).call('ACL', 'SETUSER', 'replica', 'off');
		await clientOf(master).call('CLIENT', 'KILL', 'TYPE', 'replica');
		await writeVehicles(stack, 10);
		await settledStream(at(master));
		await master.stop('SIGKILL');
		await writeVehicles(stack, 5);

		expect(await masterAfter(master)).toBe(replica);
		await eventually('the stream tells of it', async () =>
			(await readStream(at(replica))).some(({ fields }) => fields['type'] === 'trm.stream.rebuilt'),
		);

		const events = await settledStream(at(replica));
		const rebuilt = events.filter(({ fields }) => fields['type'] === 'trm.stream.rebuilt');
		expect(rebuilt.map(({ data }) => data)).toEqual([{ found: 20, published: 30, from: 21, to: 30, missing: null }]);
		expect(await expectExactlyOnce(at(replica))).toHaveLength(36);
		expect(linesOf(relay, 'Redis is not usable')).toHaveLength(1);
		expect(linesOf(relay, 'Redis is usable again')).toHaveLength(1);
	});

	it('comes back as a replica, and gets what the new one has', async () => {
		const [old, master] = servers as [RedisServer, RedisServer];
		await old.start();
		await eventually('it is a replica', async () => (await roleOf(old)) === 'slave');
		await writeVehicles(stack, 5);
		const events = await settledStream(at(master));
		await eventually('it has all of it', async () => (await clientOf(old).xlen(stack.stream)) === events.length);
		await expectExactlyOnce(at(old));
		expect(linesOf(relay, 'Redis is not usable')).toHaveLength(1);
	});

	it('gives way by SENTINEL FAILOVER while 2,000 rows are written: each is there once', async () => {
		const [sentinel] = sentinels as [RedisServer];
		const old = servers[1] as RedisServer;

		const writing = (async () => {
			for (let batch = 0; batch < 40; batch += 1) {
				await writeVehicles(stack, 50);
				await sleep(50);
			}
		})();

		await eventually('the Sentinels agree to', () =>
			clientOf(sentinel)
				.call('SENTINEL', 'FAILOVER', 'race')
				.catch(() => null),
		);

		const master = await masterAfter(old);
		await writing;
		await writeVehicles(stack, 1);
		await eventually('the new master gets the last event', async () => {
			await settledStream(at(master));
			return expectExactlyOnce(at(master)).then(
				() => true,
				() => false,
			);
		});
		expect(linesOf(relay, 'could not be sent')).toEqual([]);
		expect(linesOf(relay, 'Redis is not usable').length).toBeLessThanOrEqual(2);
	});
});
