import { fixedFields, VARYING_FIELDS, varyingValues, type OutboxEvent } from '../cloud-event.js';
import { openRedis, type RedisClient, type RedisTarget } from '../event-redis.js';
import { messageOf } from '../../lib/errors.js';
import { APPEND } from './append.lua.js';
import { readConsumerGroups, type ConsumerGroup } from './consumer-groups.js';
import { failureOf, isReadOnly, RedisUnusableError, saysNothing, type RedisRefusesError } from './redis-errors.js';
import { WAITS } from './waits.js';

/** Id of an entry that no stream has: where an absent or empty one ends. */
const NO_ENTRY = '0-0';

const READ_AT_ONCE = 5_000;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type AppendCommand = (key: string, ...args: string[]) => Promise<[appended: 0 | 1, lastId: string]>;

/** Somebody else wrote the stream, or it was emptied. Read where it ends, and go on from there. */
export class StreamMovedError extends Error {
	override name = 'StreamMovedError';
}

/** The end of the stream: its last-generated-id, and the sequence in it. */
export interface StreamEnd {
	id: string;
	seq: number;
}

/** An entry of the stream as far as it says which event it is. */
export interface EntryOfStream {
	seq: number;
	/** UUID of the event, or whatever stands there */
	id: string;
	subject: string;
	/** an event of this source, and not something that somebody else has put there */
	isOwn: boolean;
}

/**
 * The Redis stream that carries the events. A rejected append means "unknown": the stream's end tells what happened.
 * Everything else rejects with RedisUnusableError, or RedisRefusesError where Redis is read-only.
 */
export class EventStream {
	readonly #redis: RedisClient;
	readonly key: string;
	readonly #source: string;
	#problem: string | null = null;

	/** @param reply milliseconds after which a reply is not waited for any longer */
	constructor(target: RedisTarget, key: string, source: string, reply = WAITS.reply) {
		this.key = key;
		this.#source = source;
		this.#redis = openRedis(target, { connectionName: 'trm-event-stream', commandTimeout: reply });
		this.#redis.defineCommand('trmAppend', { numberOfKeys: 1, lua: APPEND });
		// Without a listener ioredis prints every failed attempt; the relay reports an outage once.
		this.#redis.on('error', (error: Error) => {
			if (!saysNothing(error)) this.#problem = error.message;
		});
	}

	/** Starts connecting, and keeps reconnecting until close(). @param onChange called when it is ready and when it no longer is. */
	connect(onChange: () => void): void {
		this.#redis.on('ready', () => {
			this.#problem = null;
			onChange();
		});

		this.#redis.on('close', () => {
			this.#problem ??= 'the connection was closed';
			onChange();
		});

		this.#redis.connect().catch(() => undefined);
	}

	get isReady(): boolean {
		return this.#redis.status === 'ready';
	}

	/** Why it is not ready; null while it is, and while the first attempt to connect is under way. */
	get problem(): RedisUnusableError | RedisRefusesError | null {
		return this.#problem === null ? null : failureOf(this.#problem);
	}

	/** @throws RedisUnusableError also for an end that no sequence of ours can follow. */
	async readEnd(): Promise<StreamEnd> {
		const { end } = await this.readShape();
		if (Number.isSafeInteger(end.seq)) return end;

		throw new RedisUnusableError(
			`the stream ${this.key} ends at ${end.id}, which no sequence can follow: name another in EVENT_STREAM`,
		);
	}

	/** How many entries it has, the sequence of the first (null when it has none), and its end. */
	async readShape(): Promise<{ length: number; first: number | null; end: StreamEnd }> {
		try {
			const info = (await this.#redis.xinfo('STREAM', this.key)) as unknown[];
			const value = (name: string) => info[info.indexOf(name) + 1];
			const [first] = (value('first-entry') ?? [null]) as [string | null];

			return {
				length: Number(value('length')),
				first: first === null ? null : endOf(first).seq,
				end: endOf(String(value('last-generated-id'))),
			};
		} catch (error) {
			if (isAbsent(error)) return { length: 0, first: null, end: endOf(NO_ENTRY) };
			throw this.#unusable(error);
		}
	}

	/** The entries from `from` up to `to`, page by page. */
	async *entries(from: number, to: number): AsyncGenerator<EntryOfStream[]> {
		for (let next = from; next <= to; ) {
			const found = await this.#redis.xrange(this.key, next, to, 'COUNT', READ_AT_ONCE).catch(this.#fail);
			yield found.map((entry) => this.#describe(entry));
			if (found.length < READ_AT_ONCE) return;
			next = endOf(found.at(-1)?.[0] ?? NO_ENTRY).seq + 1;
		}
	}

	/** The entries from `from` down to `to`, page by page: the first pages are small, since few are mostly enough. */
	async *entriesBackwards(from: number, to: number): AsyncGenerator<EntryOfStream[]> {
		for (let next = from, size = 1; next >= to; size = Math.min(size * 10, READ_AT_ONCE)) {
			const found = await this.#redis.xrevrange(this.key, next, to, 'COUNT', size).catch(this.#fail);
			yield found.map((entry) => this.#describe(entry));
			if (found.length < size) return;
			next = endOf(found.at(-1)?.[0] ?? NO_ENTRY).seq - 1;
		}
	}

	/** The sequence of the entry that has so many after it, itself counted; 0 where there are not as many. */
	async newest(count: number, end: number): Promise<number> {
		let left = count;

		for await (const page of this.entriesBackwards(end, 0)) {
			if (page.length >= left) return page[left - 1]?.seq ?? 0;
			left -= page.length;
		}

		return 0;
	}

	async firstEntry(from: number): Promise<EntryOfStream | null> {
		const [entry] = await this.#redis.xrange(this.key, from, '+', 'COUNT', 1).catch(this.#fail);
		return entry === undefined ? null : this.#describe(entry);
	}

	#describe([entryId, fields]: [string, string[]]): EntryOfStream {
		const value = (name: string) => {
			const at = fields.findIndex((each, index) => index % 2 === 0 && each === name);
			return at === -1 ? '' : (fields[at + 1] ?? '');
		};

		const id = value('id');
		const { seq } = endOf(entryId);
		return { seq, id, subject: value('subject'), isOwn: UUID.test(id) && value('source') === this.#source };
	}

	/**
	 * Appends events, in one atomic step, to a stream that ends at `end`.
	 * @returns the new end.
	 * @throws StreamMovedError when the stream ends elsewhere; nothing was appended then.
	 */
	async append(end: StreamEnd, events: OutboxEvent[]): Promise<StreamEnd> {
		const append = (this.#redis as unknown as { trmAppend: AppendCommand }).trmAppend.bind(this.#redis);
		const shared = fixedFields(this.#source);
		const [appended, found] = await append(
			this.key,
			end.id,
			String(shared.length),
			String(VARYING_FIELDS.length),
			...shared,
			...VARYING_FIELDS,
			...events.flatMap(varyingValues),
		).catch((error: unknown) => {
			const reason = this.#reason(error);
			if (isReadOnly(reason)) this.#problem = reason;
			throw new Error(reason);
		});

		this.#problem = null;

		if (appended === 0) {
			throw new StreamMovedError(`the stream ${this.key} ends at ${found} and not at ${end.id}`);
		}

		return endOf(found);
	}

	async readGroups(): Promise<ConsumerGroup[]> {
		const { length, end } = await this.readShape();
		return readConsumerGroups(this.#redis, this.key, { last: end.seq, length }).catch((error: unknown) => {
			if (isAbsent(error)) return [];
			throw this.#unusable(error);
		});
	}

	/** Removes the entries before `seq`. @returns how many. */
	async trimBefore(seq: number): Promise<number> {
		return this.#redis.xtrim(this.key, 'MINID', seq).catch(this.#fail);
	}

	/** Removes the oldest entries past `length`. @returns how many. */
	async trimToLength(length: number): Promise<number> {
		return this.#redis.xtrim(this.key, 'MAXLEN', length).catch(this.#fail);
	}

	close(): void {
		this.#redis.disconnect();
	}

	#reason(error: unknown): string {
		return error instanceof Error && saysNothing(error)
			? (this.#problem ?? 'the connection was closed')
			: messageOf(error);
	}

	#unusable(error: unknown): RedisUnusableError | RedisRefusesError {
		return failureOf(this.#reason(error));
	}

	readonly #fail = (error: unknown): never => {
		throw this.#unusable(error);
	};
}

function isAbsent(error: unknown): boolean {
	return error instanceof Error && error.message.includes('no such key');
}

function endOf(id: string): StreamEnd {
	return { id, seq: Number(id.split('-')[0]) };
}
