import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedRules, denied, PASSWORD, setUser } from '../support/documented-acl.js';
import { settledStream } from '../support/events.js';
import { eventually, freePort, type Running } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';
import { expectExactlyOnce, linesOf, startLeader, writeVehicles } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

const SLOTS = 16_384;
const STREAM = '{trm}:events';

interface Node {
	server: RedisServer;
	redis: Redis;
	id: string;
}

let stack: Stack;
const nodes: Node[] = [];
let relay: Running;
let slot: number;

async function startNode(index: number): Promise<Node> {
	const busPort = await freePort();

	const server = await RedisServer.start({
		arguments: ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`, '--cluster-node-timeout', '5000'],
	});

	const redis = new Redis(server.url);
	const first = Math.floor((SLOTS / 3) * index);
	await redis.call('CLUSTER', 'ADDSLOTSRANGE', first, Math.floor((SLOTS / 3) * (index + 1)) - 1);
	await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
	await setUser(redis, 'relay', documentedRules('relay', 'Cluster'));
	if (nodes[0]) await nodes[0].redis.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort);

	return { server, redis, id: String(await redis.call('CLUSTER', 'MYID')) };
}

beforeAll(async () => {
	stack = await startStack({ serve: false });
	for (const index of [0, 1, 2]) nodes.push(await startNode(index));

	for (const { redis } of nodes) {
		await eventually('the cluster is complete', async () => {
			const info = String(await redis.call('CLUSTER', 'INFO'));
			return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
		});
	}

	slot = Number(await nodes[0]?.redis.call('CLUSTER', 'KEYSLOT', STREAM));
	const hosts = nodes.map(({ server }) => `127.0.0.1:${server.port}`).join(',');
	relay = await startLeader(stack, { REDIS: `redis-cluster://relay:${PASSWORD}@${hosts}`, EVENT_STREAM: STREAM });
});

afterAll(async () => {
	await relay?.end();
	for (const { redis } of nodes) redis.disconnect();
	await Promise.all(nodes.map(({ server }) => server.remove()));
	await stack?.stop();
});

const ownerAt = () => Math.floor(slot / (SLOTS / 3));

const at = ({ redis }: Node) => ({ db: stack.db, stream: STREAM, redis });

/**
 * Moves the slot as redis-cli --cluster reshard does, slowly: both redirections, and the time between them, are met.
 * @param someWrites waits until rows were written meanwhile
 */
async function move(from: Node, to: Node, someWrites: () => Promise<unknown>): Promise<void> {
	await to.redis.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
	await from.redis.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
	await someWrites();
	await from.redis.call('MIGRATE', '127.0.0.1', to.server.port, STREAM, 0, 10_000);
	await someWrites();
	for (const { redis } of [to, from]) await redis.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
	await someWrites();
}

describe('a cluster', () => {
	it('carries the stream, with the documented rights and no more', async () => {
		await writeVehicles(stack, 20);
		const owner = nodes[ownerAt()] as Node;
		await settledStream(at(owner));
		await expectExactlyOnce(at(owner));
		for (const { redis } of nodes) expect(await denied(redis)).toEqual([]);
		expect(linesOf(relay, 'WARN')).toEqual([]);
	});

	it('moves the slot of the stream to another master and on to a third while rows are written: each is there once', async () => {
		const [first, second, third] = [0, 1, 2].map((step) => nodes[(ownerAt() + step) % 3]) as [Node, Node, Node];
		let isMoving = true;
		let writes = 0;

		const writing = (async () => {
			while (isMoving) {
				await writeVehicles(stack, 10);
				writes += 1;
				await sleep(20);
			}
		})();

		const someWrites = async () => {
			const before = writes;
			await eventually('rows are written', () => writes > before + 4);
		};

		await move(first, second, someWrites);
		await move(second, third, someWrites);
		isMoving = false;
		await writing;
		await writeVehicles(stack, 5);

		await settledStream(at(third));
		await expectExactlyOnce(at(third));
		for (const { redis } of nodes) expect(await denied(redis)).toEqual([]);
		expect(linesOf(relay, 'parked')).toEqual([]);
	});
});
