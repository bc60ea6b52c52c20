import type { RedisClient } from '../event-redis.js';

/** A consumer group: how far it has come, in sequences. */
export interface ConsumerGroup {
	name: string;
	consumers: number;
	/** delivered and not yet acknowledged */
	pending: number;
	/** the lowest of them; null when there is none */
	oldest_pending: number | null;
	last_delivered: number;
	/** entries not yet delivered to it */
	lag: number;
}

interface StreamSize {
	last: number;
	length: number;
}

type Info = (Buffer | number | null)[];

/**
 * The groups of a stream. Whoever may read it may make groups, with any bytes as a name and at any place.
 * @param stream the sequence at which it ends, and how many entries it has
 * @throws what ioredis rejects with; an absent stream is an error too
 */
export async function readConsumerGroups(
	redis: RedisClient,
	key: string,
	stream: StreamSize,
): Promise<ConsumerGroup[]> {
	const groups = (await redis.callBuffer('XINFO', 'GROUPS', key)) as Info[];
	const read = await Promise.all(groups.map((info) => readGroup(redis, key, info, stream)));
	return read.filter((group) => group !== null);
}

/** @returns null for a group that is gone meanwhile. */
async function readGroup(
	redis: RedisClient,
	key: string,
	info: Info,
	{ last, length }: StreamSize,
): Promise<ConsumerGroup | null> {
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
	// Null where a client set the group to an arbitrary place. Sequences leap after a restored backup, so they do not count entries.
	const counted = value('lag');

	return {
		// Postgres takes no NUL in a text.
		name: name.toString().replaceAll('\0', '\uFFFD'),
		consumers: Number(value('consumers')),
		pending,
		oldest_pending: oldest === null ? null : sequenceOf(oldest),
		last_delivered: delivered,
		lag: typeof counted === 'number' ? counted : Math.min(Math.max(last - delivered, 0), length),
	};
}

/** A group can be set to where no sequence of ours ever comes. */
function sequenceOf(id: Buffer | number | null | undefined): number {
	return Math.min(Number.parseInt(String(id), 10), Number.MAX_SAFE_INTEGER);
}
