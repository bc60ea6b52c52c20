import { fieldsOf } from '../parse-event.js';
import { RedisFailure, type Connection } from './connection.js';

export interface Entry {
	id: string;
	/** null: it is no longer in the stream */
	fields: Record<string, string> | null;
}

export interface Pending {
	id: string;
	deliveries: number;
}

type RawEntry = [id: string, fields: string[] | null];

/** Idle for a day: whoever looks for entries to take over takes it. */
const GIVEN_UP_MS = 86_400_000;

const READ_AT_ONCE = 100;

/** The consumer group as one consumer sees it: each method is one step of its protocol. */
export class Group {
	readonly #connection: Connection;
	readonly #stream: string;
	readonly #group: string;
	readonly #consumer: string;

	constructor(connection: Connection, of: { stream: string; group: string; consumer: string }) {
		this.#connection = connection;
		this.#stream = of.stream;
		this.#group = of.group;
		this.#consumer = of.consumer;
	}

	/** From the beginning: `$` would skip what is there. */
	async create(): Promise<void> {
		try {
			await this.#connection.run((redis) => redis.xgroup('CREATE', this.#stream, this.#group, '0', 'MKSTREAM'));
		} catch (error) {
			if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
		}
	}

	/** The first entry that this consumer has been given and has not acknowledged. It counts as no delivery. */
	async firstPending(): Promise<Pending | null> {
		const [pending] = await this.#pending('-', '+', 1);
		return pending ?? null;
	}

	/** How often an entry of this consumer was delivered; 0 when it is not (any more) its own. */
	async deliveriesOf(id: string): Promise<number> {
		const [pending] = await this.#pending(id, id, 1);
		return pending?.deliveries ?? 0;
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
	 * Takes over one entry that was idle for too long. One at a time: a delivery is an attempt, and the entries behind one that
	 * kills its consumers must not be counted as tried.
	 */
	async claimStale(minIdle: number): Promise<{ entry: Entry | null; trimmed: string[] }> {
		const trimmed: string[] = [];

		for (let cursor = '0-0'; ; ) {
			const [next, entries, deleted = []] = (await this.#connection.run((redis) =>
				redis.xautoclaim(this.#stream, this.#group, this.#consumer, minIdle, cursor, 'COUNT', 1),
			)) as [string, (RawEntry | null)[], string[]?];

			trimmed.push(...deleted);
			// Redis 6.2 gives nil for what is no longer there.
			const found = entries.find((entry) => entry !== null);
			if (found) return { entry: toEntry(found), trimmed };
			if (next === '0-0') return { entry: null, trimmed };
			cursor = next;
		}
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

	/** Lets any other consumer of the group take over at once what was not begun. */
	async release(ids: string[]): Promise<void> {
		await this.#claim(ids, ['IDLE', GIVEN_UP_MS, 'RETRYCOUNT', 0]);
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

	async #pending(from: string, to: string, count: number): Promise<Pending[]> {
		const rows = (await this.#connection.run((redis) =>
			redis.xpending(this.#stream, this.#group, from, to, count, this.#consumer),
		)) as [id: string, consumer: string, idle: number, deliveries: number][];

		return rows.map(([id, , , deliveries]) => ({ id, deliveries }));
	}

	async #claim(ids: string[], options: (string | number)[]): Promise<void> {
		if (ids.length === 0) return;

		await this.#connection.run((redis) =>
			redis.xclaim(this.#stream, this.#group, this.#consumer, 0, ...ids, ...options, 'JUSTID'),
		);
	}
}

export const sequenceOf = (entryId: string) => Number(entryId.split('-')[0]);

/** Redis was emptied, or somebody destroyed the group: also a read that is waiting is told so. */
export function isGroupMissing(error: unknown): boolean {
	return error instanceof RedisFailure && /^(NOGROUP|UNBLOCKED)/.test((error.cause as Error).message);
}

function toEntry([id, fields]: RawEntry): Entry {
	return { id, fields: fields === null ? null : fieldsOf(fields) };
}
