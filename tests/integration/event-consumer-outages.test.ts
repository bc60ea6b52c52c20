import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { consume } from '../../packages/event-contract/index.js';
import { Consumers, idOf, span, STREAM } from '../support/consuming.js';
import { eventually, freePort, run } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;

beforeAll(async () => {
	all = new Consumers(await RedisServer.start());
});

afterEach(() => all.reset());
afterAll(() => all?.end());

describe('Redis that goes away', () => {
	it('in the middle of the work: nothing is lost and nothing is done twice', async () => {
		await all.publish(span(1, 400));
		const running = all.start({ handler: () => sleep(1) });

		for (const upTo of [100, 200, 300]) {
			await running.until(upTo);
			await all.server.stop('SIGKILL');
			await sleep(200);
			await all.server.start();
		}

		await running.until(400);
		expect(running.handled).toEqual(span(1, 400));
		expect(running.gaps).toEqual([]);
		await running.stop();
		expect(await all.pending()).toBe(0);
	});

	it('while a read waits: said once with the reason, once when it is over, and tried at a measured pace', async () => {
		await all.publish([1]);
		const running = all.start({ block: 60_000 });
		await running.until(1);

		await all.server.stop();
		await eventually('the outage is said', () => running.problems.length > 0);
		const before = process.cpuUsage();
		await sleep(600);
		const { user, system } = process.cpuUsage(before);
		// A loop without a pause would take all of it.
		expect((user + system) / 1_000).toBeLessThan(300);

		await all.server.start();
		await all.publish([2]);
		await running.until(2);
		expect(running.problems.map((problem) => problem === null)).toEqual([false, true]);
		expect(await all.connections()).toBe(1);
	});

	it('is not there at the start either, and the consumer can be stopped meanwhile', async () => {
		await all.server.stop();

		try {
			const running = all.start();
			await eventually('the outage is said', () => running.problems.length > 0);
			expect(running.problems[0]?.message).toContain('ECONNREFUSED');
			expect(await running.stop()).toMatchObject({ handled: 0 });
		} finally {
			await all.server.start();
		}
	});

	it('says nothing any more (a cut cable): the connection is given up', async () => {
		await all.publish([1]);
		const running = all.start({ block: 100, patience: 500 });
		await running.until(1);
		const process = await all.redis.info('server').then((info) => Number(/process_id:(\d+)/.exec(info)?.[1]));

		globalThis.process.kill(process, 'SIGSTOP');
		try {
			await eventually('the silence is said', () => running.problems.length > 0);
			expect(running.problems[0]?.message).toContain('has not answered');
		} finally {
			globalThis.process.kill(process, 'SIGCONT');
		}

		await all.publish([2]);
		await running.until(2);
	});
});

describe('Redis Cluster', () => {
	it('carries a stream and its dead letters under one hash tag', async () => {
		const directory = await mkdtemp(join(tmpdir(), 'trm-cluster-'));
		const port = await freePort();
		const bus = await freePort();
		const options = [
			'--cluster-enabled',
			'yes',
			'--cluster-port',
			String(bus),
			'--cluster-announce-ip',
			'127.0.0.1',
			'--save',
			'',
			'--dir',
			directory,
		];
		const server = run('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...options], {});
		const node = new Redis(port, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
		node.on('error', () => undefined);
		const cluster = new Cluster([{ host: '127.0.0.1', port }], { lazyConnect: true });
		cluster.on('error', () => undefined);
		const stop = new AbortController();

		try {
			await node.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
			await eventually('the cluster is up', async () =>
				String(await node.call('CLUSTER', 'INFO')).includes('state:ok'),
			);

			const stream = `{${STREAM}}`;
			for (const sequence of span(1, 5))
				await node.xadd(stream, `${sequence}-0`, ...Object.entries(idOf(sequence)).flat());
			const handled: number[] = [];
			const done = consume({
				redis: cluster,
				group: 'processor',
				consumer: 'worker-1',
				stream,
				signal: stop.signal,
				block: 60_000,
				maxDeliveries: 1,
				handler: ({ sequence }) => {
					if (sequence === 3) throw new Error('poison');
					handled.push(sequence);
				},
			});

			await eventually('all are handled', () => handled.includes(5));
			expect(handled).toEqual([1, 2, 4, 5]);
			expect(await node.xlen(`${stream}:dead:processor`)).toBe(1);
			stop.abort();
			expect(await done).toMatchObject({ handled: 4, deadLetters: 1 });
		} finally {
			stop.abort();
			cluster.disconnect();
			node.disconnect();
			await server.end('SIGKILL');
			await rm(directory, { recursive: true, force: true });
		}
	});
});
