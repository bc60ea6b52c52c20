import type { RedisClient } from '../shared/event-redis.js';

/** A consumer group: how far it has come, in sequences. */
export interface ConsumerGroup {
	name: string;
	consumers: number;
	/** delivered and not yet acknowledged */
	pending: number;
	/** the lowest of them; null when there is none */
	oldest_pending: number | null;
	last_delivered: number;
	/** events not yet delivered to it */
	lag: number;
}

type Info = (Buffer | number | null)[];

/**
 * The groups of a stream. Whoever may read it may make groups, with any bytes as a name and at any place.
 * @param last sequence at which the stream ends
 * @throws what ioredis rejects with; an absent stream is an error too
 */
export async function readConsumerGroups(redis: RedisClient, key: string, last: number): Promise<ConsumerGroup[]> {
	const groups = (await redis.callBuffer('XINFO', 'GROUPS', key)) as Info[];
	const read = await Promise.all(groups.map((info) => readGroup(redis, key, info, last)));
	return read.filter((group) => group !== null);
}

/** @returns null for a group that is gone meanwhile. */
async function readGroup(redis: RedisClient, key: string, info: Info, last: number): Promise<ConsumerGroup | null> {
	const value = (name: string) => info[info.findIndex((each) => each?.toString() === name) + 1];
	const name = value('name') as Buffer;
	const pending = Number(value('pending'));
	let oldest: Buffer | null = null;

	if (pending > 0) {
		try {
			[, oldest] = (await redis.callBuffer('XPENDING', key, name)) as [number, Buffer | null];
		} catch (error) {
			if ((error as Error).message.startsWith('NOGROUP')) return null;
			throw error;
		}
	}

	const delivered = sequenceOf(value('last-delivered-id'));

	return {
		// Postgres takes no NUL in a text.
		name: name.toString().replaceAll('\0', '\uFFFD'),
		consumers: Number(value('consumers')),
		pending,
		oldest_pending: oldest === null ? null : sequenceOf(oldest),
		last_delivered: delivered,
		lag: Math.max(last - delivered, 0),
	};
}

/** A group can be set to where no sequence of ours ever comes. */
function sequenceOf(id: Buffer | number | null | undefined): number {
	return Math.min(Number.parseInt(String(id), 10), Number.MAX_SAFE_INTEGER);
}
