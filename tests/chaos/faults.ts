import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Fault, FaultKind } from './plan-faults.js';
import type { Replica } from './replica.js';
import type { World } from './world.js';

/** What puts it right. */
type Mend = () => unknown;
type Strike = (world: World, fault: Fault, replica: Replica) => Promise<Mend> | Mend;

const redisData = ({ redisServer }: World) => join(redisServer.directory, 'appendonlydir');
const redisBefore = ({ redisServer }: World) => `${redisServer.directory}-before`;

/** Takes what Redis holds now, for the fault that brings it back. */
export async function rememberRedis(world: World): Promise<void> {
	await rm(redisBefore(world), { recursive: true, force: true });
	await cp(redisData(world), redisBefore(world), { recursive: true });
}

export async function forgetRedis(world: World): Promise<void> {
	await rm(redisBefore(world), { recursive: true, force: true });
}

async function stopRedis(world: World, signal: NodeJS.Signals, meanwhile: Mend = () => undefined): Promise<Mend> {
	await world.redisServer.stop(signal);
	await meanwhile();
	return () => world.redisServer.start();
}

/** Not over the world's own connection: one that waits in a pause or is killed must not be waited for. */
async function withRedis(world: World, work: (redis: Redis) => Promise<unknown>): Promise<void> {
	const redis = world.redis.duplicate();
	redis.on('error', () => undefined);
	await work(redis).catch(() => undefined);
	redis.disconnect();
}

const terminate = (world: World, whose: string) =>
	world.db
		.query(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${whose}`,
		)
		.catch(() => undefined);

async function configure(world: World, ...[name, during, after]: [string, string, string]): Promise<Mend> {
	await withRedis(world, (redis) => redis.config('SET', name, during));
	return () => withRedis(world, (redis) => redis.config('SET', name, after));
}

const over: Mend = () => undefined;

const STRIKES: Readonly<Record<FaultKind, Strike>> = {
	async kill(_, __, replica) {
		await replica.kill();
		return () => replica.start();
	},
	freeze(_, __, replica) {
		replica.freeze();
		return () => replica.thaw();
	},
	cut_redis(_, __, { redis }) {
		redis.cut();
		return () => redis.mend();
	},
	cut_postgres(_, __, { postgres }) {
		postgres.cut();
		return () => postgres.mend();
	},
	hang_redis(_, __, { redis }) {
		redis.hang();
		return () => redis.mend();
	},
	hang_postgres(_, __, { postgres }) {
		postgres.hang();
		return () => postgres.mend();
	},
	redis_stop: (world) => stopRedis(world, 'SIGTERM'),
	redis_kill: (world) => stopRedis(world, 'SIGKILL'),
	redis_lose: (world) => stopRedis(world, 'SIGKILL', () => rm(redisData(world), { recursive: true })),
	redis_old: (world) =>
		stopRedis(world, 'SIGKILL', async () => {
			await rm(redisData(world), { recursive: true });
			await cp(redisBefore(world), redisData(world), { recursive: true });
		}),
	async redis_flush(world) {
		await withRedis(world, (redis) => redis.flushall());
		return over;
	},
	async redis_client_kill(world) {
		await withRedis(world, (redis) => redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
		return over;
	},
	async redis_pause(world, { lasts }) {
		await withRedis(world, (redis) => redis.client('PAUSE', lasts));
		return over;
	},
	redis_full: (world) => configure(world, 'maxmemory', '1', '0'),
	async redis_read_only(world) {
		// A replica of nobody: it keeps what it has and refuses to be written.
		await withRedis(world, (redis) => redis.replicaof('127.0.0.1', 1));
		return () => withRedis(world, (redis) => redis.replicaof('NO', 'ONE'));
	},
	async postgres_restart({ postgres }) {
		await postgres.stop();
		return () => postgres.start();
	},
	async postgres_crash({ postgres }) {
		await postgres.crash();
		return () => postgres.start();
	},
	async terminate_relay(world) {
		await terminate(world, `application_name LIKE 'trm-event-stream%'`);
		return over;
	},
	async terminate_all(world) {
		await terminate(world, 'true');
		return over;
	},
};

/** The leader, or the other one; whoever is there when nobody leads. Null when he already suffers something worse. */
async function victim(world: World, { side }: Fault): Promise<Replica | null> {
	const leader = (await world.leader().catch(() => null)) ?? world.replicas[0];
	const chosen = side === 'leader' ? leader : world.replicas.find((replica) => replica !== leader);
	return chosen?.isRunning === true ? chosen : null;
}

/** What was done and to whom, and what should have happened meanwhile and did not. */
interface Suffered {
	text: string;
	stuck: string | null;
}

/** Strikes, waits and puts it right. @param mustLeave whether another replica has to take the lead by then */
export async function suffer(world: World, fault: Fault, mustLeave: boolean): Promise<Suffered> {
	await sleep(fault.at);
	const replica = await victim(world, fault);
	const needsReplica = /^(kill|freeze|cut|hang)/.test(fault.kind);
	if (needsReplica && replica === null) return { text: `(${fault.kind}: no replica)`, stuck: null };

	const mend = await STRIKES[fault.kind](world, fault, replica as Replica);
	await sleep(fault.lasts);
	const leader = mustLeave ? await world.leader().catch(() => null) : null;
	await mend();

	const whom = needsReplica ? ` ${fault.side}` : '';
	const text = `${fault.kind}${whom}${fault.lasts > 0 ? ` ${(fault.lasts / 1000).toFixed(1)} s` : ''}`;
	const isStuck = mustLeave && (leader === null || leader === replica);
	return { text, stuck: isStuck ? `${text}: no other replica leads at its end` : null };
}
