import { randomBytes } from 'node:crypto';
import { fieldsOf } from '../parse-event.js';
import { RedisFailure, type Connection } from './connection.js';

export interface Entry {
	id: string;
	/** null: it is no longer in the stream */
	fields: Record<string, string> | null;
}

export interface Pending {
	id: string;
	/** as Redis knows it: with the token of its process */
	consumer: string;
	/** milliseconds since the last sign of life */
	idle: number;
	deliveries: number;
}

type PendingRow = [id: string, consumer: string, idle: number, deliveries: number];
type RawEntry = [id: string, fields: string[] | null];

/** Idle for a day: whoever looks for entries to take over takes it. */
const GIVEN_UP_MS = 86_400_000;

const READ_AT_ONCE = 100;
const TOKEN = /:[0-9a-f]{12}$/;

/** The consumer group as one consumer sees it: each method is one step of its protocol. */
export class Group {
	readonly #connection: Connection;
	readonly #stream: string;
	readonly #group: string;
	/** Two processes of one name must not hold the same entries: Redis could not tell them apart, and counts both as one. */
	readonly #consumer: string;
	readonly #name: string;

	constructor(connection: Connection, of: { stream: string; group: string; consumer: string }) {
		this.#connection = connection;
		this.#stream = of.stream;
		this.#group = of.group;
		this.#name = of.consumer;
		this.#consumer = `${of.consumer}:${randomBytes(6).toString('hex')}`;
	}

	/** From the beginning: `$` would skip what is there. */
	async create(): Promise<void> {
		try {
			await this.#connection.run((redis) => redis.xgroup('CREATE', this.#stream, this.#group, '0', 'MKSTREAM'));
		} catch (error) {
			if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
		}
	}

	/** The first entries that this process has been given and has not acknowledged. It counts as no delivery. */
	async ownPending(count: number): Promise<Pending[]> {
		return this.#pending('-', '+', count);
	}

	/** The first entry that another process of the same name has: an earlier one, or one that runs as well. */
	async namesakePending(): Promise<Pending | null> {
		const summary = await this.#connection.run((redis) => redis.xpending(this.#stream, this.#group));
		const consumers = summary[3] as [consumer: string, count: string][] | null;
		let first: Pending | null = null;

		for (const [consumer] of consumers ?? []) {
			if (consumer === this.#consumer || !this.#isNamesake(consumer)) continue;
			const [pending] = await this.#pending('-', '+', 1, consumer);
			if (pending && (first === null || isBefore(pending.id, first.id))) first = pending;
		}

		return first;
	}

	/** Reads one entry; that counts as no delivery either. */
	async read(id: string): Promise<Entry> {
		const [entry] = await this.#connection.run((redis) => redis.xrange(this.#stream, id, id));
		return toEntry(entry ?? [id, null]);
	}

	/** Waits for new entries. */
	async readNew(count: number, block: number): Promise<Entry[]> {
		const reply = (await this.#connection.run(
			(redis) =>
				redis.xreadgroup(
					...(['GROUP', this.#group, this.#consumer, 'COUNT', count, 'BLOCK', block] as const),
					...(['STREAMS', this.#stream, '>'] as const),
				),
			block,
		)) as [[stream: string, entries: RawEntry[]]] | null;

		return (reply?.[0][1] ?? []).map(toEntry);
	}

	/**
	 * Takes over entries that were idle for too long; that counts as no delivery.
	 * @returns `begun`: those whose handler may have been called. A process has called it only for the first one that it holds.
	 */
	async claimStale(minIdle: number): Promise<{ taken: number; begun: string[]; trimmed: string[] }> {
		const stale = await this.#stale(minIdle);
		const firsts = new Set<string>();

		for (const consumer of new Set(stale.map((each) => each.consumer))) {
			const [first] = await this.#pending('-', '+', 1, consumer);
			if (first) firsts.add(first.id);
		}

		const taken = new Set<string>();
		const trimmed: string[] = [];

		for (let cursor = '0-0'; taken.size + trimmed.length < stale.length; ) {
			const [next, ids, deleted = []] = (await this.#connection.run((redis) =>
				redis.xautoclaim(this.#stream, this.#group, this.#consumer, minIdle, cursor, 'COUNT', stale.length, 'JUSTID'),
			)) as [string, string[], string[]?];

			ids.forEach((id) => taken.add(id));
			trimmed.push(...deleted);
			if (next === '0-0') break;
			cursor = next;
		}

		const begun = stale.filter(({ id, deliveries }) => deliveries > 1 || (deliveries === 1 && firsts.has(id)));
		return { taken: taken.size, begun: begun.map(({ id }) => id).filter((id) => taken.has(id)), trimmed };
	}

	/**
	 * A sign of life for entries that are still this consumer's own.
	 * @param deliveries sets the count of deliveries.
	 * @returns the ids of those that are: others were taken over.
	 */
	async keep(ids: string[], deliveries?: number): Promise<Set<string>> {
		const [first, last] = [ids[0], ids.at(-1)];
		if (first === undefined || last === undefined) return new Set();
		const pending = new Set((await this.#pending(first, last, ids.length)).map(({ id }) => id));
		const own = ids.filter((id) => pending.has(id));
		await this.#claim(own, deliveries === undefined ? [] : ['RETRYCOUNT', deliveries]);
		return new Set(own);
	}

	/** Lets any other process take over at once what is not done. @param deliveries sets the count */
	async release(ids: string[], deliveries: number): Promise<void> {
		await this.#claim(ids, ['IDLE', GIVEN_UP_MS, 'RETRYCOUNT', deliveries]);
	}

	async acknowledge(id: string): Promise<void> {
		await this.#connection.run((redis) => redis.xack(this.#stream, this.#group, id));
	}

	async append(stream: string, fields: Record<string, string>): Promise<void> {
		await this.#connection.run((redis) => redis.xadd(stream, '*', ...Object.entries(fields).flat()));
	}

	/** Yields the first halves of the ids from `from` to `to` that are in the stream, ascending. */
	async *sequencesBetween(from: number, to: number): AsyncGenerator<number> {
		for (let start = String(from); ; ) {
			const entries = await this.#connection.run((redis) =>
				redis.xrange(this.#stream, start, to, 'COUNT', READ_AT_ONCE),
			);

			for (const [id] of entries) yield sequenceOf(id);
			const last = entries.at(-1);
			if (last === undefined || entries.length < READ_AT_ONCE) return;
			start = `(${last[0]}`;
		}
	}

	async #pending(from: string, to: string, count: number, consumer = this.#consumer): Promise<Pending[]> {
		const rows = await this.#connection.run((redis) =>
			redis.xpending(this.#stream, this.#group, from, to, count, consumer),
		);
		return (rows as PendingRow[]).map(toPending);
	}

	async #stale(minIdle: number): Promise<Pending[]> {
		const rows = await this.#connection.run((redis) =>
			redis.xpending(this.#stream, this.#group, 'IDLE', minIdle, '-', '+', READ_AT_ONCE),
		);
		return (rows as PendingRow[]).map(toPending).filter(({ consumer }) => consumer !== this.#consumer);
	}

	/** Also one of a version that used no token. */
	#isNamesake(consumer: string): boolean {
		return consumer === this.#name || (consumer.startsWith(`${this.#name}:`) && TOKEN.test(consumer));
	}

	async #claim(ids: string[], options: (string | number)[]): Promise<void> {
		if (ids.length === 0) return;

		await this.#connection.run((redis) =>
			redis.xclaim(this.#stream, this.#group, this.#consumer, 0, ...ids, ...options, 'JUSTID'),
		);
	}
}

export const sequenceOf = (entryId: string) => Number(entryId.split('-')[0]);

/** Whether an entry stands before another one. */
export function isBefore(id: string, other: string): boolean {
	const [[high = 0n, low = 0n], [otherHigh = 0n, otherLow = 0n]] = [id, other].map((each) =>
		each.split('-').map(BigInt),
	) as [bigint[], bigint[]];
	return high === otherHigh ? low < otherLow : high < otherHigh;
}

/** Redis was emptied, or somebody destroyed the group: also a read that is waiting is told so. */
export function isGroupMissing(error: unknown): boolean {
	return error instanceof RedisFailure && /^(NOGROUP|UNBLOCKED)/.test((error.cause as Error).message);
}

const toPending = ([id, consumer, idle, deliveries]: PendingRow): Pending => ({ id, consumer, idle, deliveries });

function toEntry([id, fields]: RawEntry): Entry {
	return { id, fields: fields === null ? null : fieldsOf(fields) };
}
