import { Redis } from 'ioredis';
import { APPEND } from './append.lua.js';
import { cloudEventFields, type OutboxEvent } from '../shared/cloud-event.js';

/** Id of an entry that no stream has: where an absent or empty one ends. */
const NO_ENTRY = '0-0';

/** Past this a reply is not waited for any longer; what became of the command is found out by reading the stream's end. */
const COMMAND_TIMEOUT_MS = 10_000;

const READ_AT_ONCE = 1_000;

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

/** The Redis stream that carries the events. A rejected call means "unknown": the stream's end tells what happened. */
export class EventStream {
	readonly #redis: Redis;
	readonly #key: string;
	readonly #source: string;
	#problem: string | null = null;

	constructor({ url, key, source }: { url: string; key: string; source: string }) {
		this.#key = key;
		this.#source = source;

		this.#redis = new Redis(url, {
			lazyConnect: true,
			connectionName: 'trm-event-stream',
			// By default ioredis sends a command again when its reply was cut off; here nothing is ever sent twice unseen.
			maxRetriesPerRequest: 0,
			enableOfflineQueue: false,
			autoResendUnfulfilledCommands: false,
			commandTimeout: COMMAND_TIMEOUT_MS,
			retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
		});

		this.#redis.defineCommand('trmAppend', { numberOfKeys: 1, lua: APPEND });
		// Without a listener ioredis prints every failed attempt; the relay reports an outage once.
		this.#redis.on('error', (error: Error) => (this.#problem = error.message));
		this.#redis.on('close', () => (this.#problem ??= 'the connection was closed'));
	}

	/** Starts connecting, and keeps reconnecting until close(). */
	connect(onReady: () => void): void {
		this.#redis.on('ready', () => {
			this.#problem = null;
			onReady();
		});
		this.#redis.connect().catch(() => undefined);
	}

	get isReady(): boolean {
		return this.#redis.status === 'ready';
	}

	/** Why it is not ready; null while it is, and while the first attempt to connect is under way. */
	get problem(): string | null {
		return this.#problem;
	}

	/** @throws Error also for an end that no sequence of ours can follow. */
	async readEnd(): Promise<StreamEnd> {
		try {
			const info = (await this.#redis.xinfo('STREAM', this.#key)) as unknown[];
			const end = endOf(String(info[info.indexOf('last-generated-id') + 1]));
			if (Number.isSafeInteger(end.seq)) return end;

			throw new Error(
				`the stream ${this.#key} ends at ${end.id}, which no sequence can follow: name another in EVENT_STREAM`,
			);
		} catch (error) {
			if (error instanceof Error && error.message.includes('no such key')) return endOf(NO_ENTRY);
			throw error;
		}
	}

	/** The event ids of the entries after `after` up to `upTo`, by sequence; null for an entry that is no event of ours. */
	async readEventIds(after: number, upTo: number): Promise<Map<number, string | null>> {
		const ids = new Map<number, string | null>();

		for (let next = after + 1; next <= upTo; ) {
			const entries = await this.#redis.xrange(this.#key, next, upTo, 'COUNT', READ_AT_ONCE);

			for (const [entryId, fields] of entries) {
				const idAt = fields.findIndex((name, index) => index % 2 === 0 && name === 'id');
				ids.set(endOf(entryId).seq, idAt === -1 ? null : (fields[idAt + 1] ?? null));
			}

			const last = entries.at(-1);
			if (last === undefined || entries.length < READ_AT_ONCE) break;
			next = endOf(last[0]).seq + 1;
		}

		return ids;
	}

	/**
	 * Appends events, in one atomic step, to a stream that ends at `end`.
	 * @returns the new end.
	 * @throws StreamMovedError when the stream ends elsewhere; nothing was appended then.
	 */
	async append(end: StreamEnd, events: OutboxEvent[]): Promise<StreamEnd> {
		const entries = events.map((event) => [`${event.seq}-0`, ...cloudEventFields(event, this.#source)]);
		const width = String(entries[0]?.length ?? 0);
		const append = (this.#redis as unknown as { trmAppend: AppendCommand }).trmAppend.bind(this.#redis);
		const [appended, found] = await append(this.#key, end.id, width, ...entries.flat());

		if (appended === 0) {
			throw new StreamMovedError(`the stream ${this.#key} ends at ${found} and not at ${end.id}`);
		}

		return endOf(found);
	}

	close(): void {
		this.#redis.disconnect();
	}
}

function endOf(id: string): StreamEnd {
	return { id, seq: Number(id.split('-')[0]) };
}
