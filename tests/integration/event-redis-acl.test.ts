import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consume } from '../../packages/event-contract/index.js';
import { EventStream } from '../../extensions/trm/src/event-stream/relay/stream.js';
import { parseRedisTarget } from '../../extensions/trm/src/event-stream/event-redis.js';
import { denied, documentedRules, PASSWORD, setUser } from '../support/documented-acl.js';
import { root } from '../support/environment.js';
import { settledStream } from '../support/events.js';
import { eventually, run } from '../support/processes.js';
import { expectExactlyOnce, linesOf, startLeader, writeVehicles } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

const HEADING = 'Least privilege';

let stack: Stack;

beforeAll(async () => {
	stack = await startStack({ serve: false });
});

afterAll(() => stack?.stop());

const as = (user: string) => `redis://${user}:${PASSWORD}@127.0.0.1:${stack.redisServer.port}/0`;

/** Each command that a user was allowed, one after the other. */
const commandsOf = (user: string) => documentedRules(user, HEADING).filter((rule) => rule.startsWith('+'));

/** What the user must not be able to do, whoever has its password. */
const FORBIDDEN = [
	['GET', 'another'],
	['SET', 'trm:events', 'gone'],
	['DEL', 'trm:events'],
	['XADD', 'another', '*', 'a', 'b'],
	['XRANGE', 'another', '-', '+'],
	['FLUSHALL'],
	['KEYS', '*'],
	['CONFIG', 'GET', '*'],
	['ACL', 'LIST'],
	['SHUTDOWN'],
];

/** The second is how a script says it. */
const REFUSED = /NOPERM|The user executing the script can't run this command/;

async function expectForbidden(user: string, more: string[][] = []): Promise<void> {
	const redis = new Redis(as(user));

	try {
		for (const [command, ...args] of [...FORBIDDEN, ...more] as [string, ...string[]][]) {
			await expect(redis.call(command, ...args), `${command} ${args.join(' ')}`).rejects.toThrow(REFUSED);
		}
	} finally {
		redis.disconnect();
	}
}

describe('the relay', () => {
	/** Everything that a relay does with Redis. What is refused is in the log of the ACL, whether it was noticed or not. */
	async function workOut(): Promise<void> {
		await stack.redis.script('FLUSH');
		const target = parseRedisTarget({ REDIS: as('relay') });
		const stream = new EventStream(target as NonNullable<typeof target>, 'trm:events', '/test');
		const begun = new Promise<void>((resolve) => stream.connect(resolve));

		try {
			await begun;
			const end = await stream.readEnd();
			// The first time on a connection the script is sent, the second time its hash.
			await stream.append(await stream.append(end, [await anEvent(end.seq + 1)]), [await anEvent(end.seq + 2)]);
			for await (const page of stream.entries(1, end.seq + 1)) expect(page).not.toEqual([]);
			for await (const page of stream.entriesBackwards(end.seq + 1, 1)) expect(page.length).toBeGreaterThanOrEqual(0);
			await stream.readGroups();
			await stream.trimBefore(1);
		} finally {
			stream.close();
		}
	}

	async function anEvent(seq: number) {
		const { rows } = await stack.db.query('SELECT * FROM trm.event_outbox LIMIT 1');
		return { ...rows[0], id: rows[0].event_id, seq: String(seq), time: '2026-06-07T08:00:00.000000Z', data: '{}' };
	}

	it('needs no more than the documented line: nothing of its work is refused', async () => {
		await setUser(stack.redis, 'relay', documentedRules('relay', HEADING));
		const relay = await startLeader(stack, { REDIS: as('relay'), EVENT_STREAM_KEEP: '1' });
		await writeVehicles(stack, 5);
		await settledStream(stack);
		await stack.redis.xgroup('CREATE', stack.stream, 'processor', '0');
		await stack.redis.xreadgroup('GROUP', 'processor', 'worker-1', 'COUNT', 3, 'STREAMS', stack.stream, '>');
		await expectExactlyOnce(stack);

		await eventually('the group was reported, and what it has read is trimmed', async () => {
			await stack.redis.xack(stack.stream, 'processor', '1-0', '2-0');
			const { rows } = await stack.db.query("SELECT groups->0->>'pending' AS pending FROM trm.event_stream_lag");
			return rows[0].pending === '1' && (await stack.redis.xlen(stack.stream)) === 3;
		});

		await relay.end();
		expect(linesOf(relay, 'WARN')).toEqual([]);
		await workOut();
		expect(await denied(stack.redis)).toEqual([]);
	});

	it('misses each of its commands that is taken away', async () => {
		const commands = commandsOf('relay');
		expect(commands.length).toBeGreaterThan(8);

		for (const command of commands) {
			await setUser(
				stack.redis,
				'relay',
				documentedRules('relay', HEADING).filter((rule) => rule !== command),
			);
			await workOut().catch(() => undefined);
			expect(await denied(stack.redis), `without ${command}`).toContain(command.slice(1));
		}
	});

	it('can do nothing else', async () => {
		await setUser(stack.redis, 'relay', documentedRules('relay', HEADING));
		await expectForbidden('relay', [
			['EVAL', "return redis.call('GET', KEYS[1])", '1', 'another'],
			['EVAL', "return redis.call('DEL', KEYS[1])", '1', 'trm:events'],
		]);
	});
});

describe('a consumer', () => {
	/** What it had begun before a crash comes first; what fails for good is put aside; it looks for what others have left. */
	async function workOut(): Promise<number> {
		await stack.redis.del(stack.stream, 'trm:events:dead:processor');
		for (const seq of [1, 2, 4]) await stack.redis.xadd(stack.stream, `${seq}-0`, 'type', 'no event');
		await stack.redis.xgroup('CREATE', stack.stream, 'processor', '0');
		await stack.redis.xreadgroup('GROUP', 'processor', 'worker-1', 'COUNT', 1, 'STREAMS', stack.stream, '>');

		const stop = new AbortController();
		const redis = new Redis(as('consumer'), { lazyConnect: true, disableClientInfo: true });
		redis.on('error', () => undefined);

		const consuming = consume({
			redis,
			...{ stream: stack.stream, group: 'processor', consumer: 'worker-1', signal: stop.signal },
			...{ block: 50, minIdle: 1_000, maxDeliveries: 2, retryDelay: () => 10, onProblem: () => undefined },
			handler: () => undefined,
		});

		const deadline = Date.now() + 4_000;
		while (Date.now() < deadline && (await stack.redis.xlen('trm:events:dead:processor')) < 3 && !(await isRefused())) {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}

		stop.abort();
		await consuming;
		redis.disconnect();
		return stack.redis.xlen('trm:events:dead:processor');
	}

	const isRefused = async () => (await denied(stack.redis)).length > 0;

	it('needs no more than the documented line', async () => {
		await setUser(stack.redis, 'consumer', documentedRules('consumer', HEADING));
		expect(await workOut()).toBeGreaterThan(0);
		expect(await denied(stack.redis)).toEqual([]);
	});

	it('misses each of its commands that is taken away', async () => {
		const commands = commandsOf('consumer');
		expect(commands.length).toBeGreaterThan(7);

		for (const command of commands) {
			await setUser(
				stack.redis,
				'consumer',
				documentedRules('consumer', HEADING).filter((rule) => rule !== command),
			);
			await workOut();
			expect(await denied(stack.redis), `without ${command}`).toContain(command.slice(1));
		}
	});

	it('can do nothing else, and writes no entry into the stream', async () => {
		await expectForbidden('consumer', [
			['XADD', 'trm:events', '*', 'a', 'b'],
			['XTRIM', 'trm:events', 'MAXLEN', '0'],
		]);
	});
});

describe('npm run events:tail', () => {
	const script = join(root, 'scripts/local/events-tail.sh');

	/** Starts it, and waits until it shows what comes then. */
	async function follow(): Promise<void> {
		const tail = run('bash', [script], { env: { PATH: process.env['PATH'], REDIS_URL: as('tail') } });

		try {
			await eventually('it shows an event', async () => {
				await stack.redis.xadd(stack.stream, '*', 'type', 'trm.vehicles.created', 'subject', 'vehicles/1');
				return tail.output().includes('vehicles/1') || tail.child.exitCode !== null;
			});
		} finally {
			await tail.end();
		}
	}

	it('needs no more than the documented line, which writes nothing', async () => {
		await setUser(stack.redis, 'tail', documentedRules('tail', HEADING));
		await follow();
		expect(await denied(stack.redis)).toEqual([]);
		await expectForbidden('tail', [
			['XADD', 'trm:events', '*', 'a', 'b'],
			['XTRIM', 'trm:events', 'MAXLEN', '0'],
		]);
	});

	it('misses each of its commands that is taken away', async () => {
		for (const command of commandsOf('tail')) {
			await setUser(
				stack.redis,
				'tail',
				documentedRules('tail', HEADING).filter((rule) => rule !== command),
			);
			await follow();
			expect(await denied(stack.redis), `without ${command}`).toContain(command.slice(1));
		}
	});
});
