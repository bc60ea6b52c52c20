import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { withoutCredentials } from '../credentials.js';
import { cloudEventFields, type OutboxEvent } from '../cloud-event.js';
import { openRedis, type RedisClient, type RedisTarget } from '../event-redis.js';

/** Milliseconds for a connection, and for a reply. */
const TIMEOUT = 10_000;

const NO_ENTRY = '0-0';

/** The stream that events are sent to again: any but the live one. */
export class TargetStream {
	readonly #redis: RedisClient;
	readonly #key: string;

	private constructor(redis: RedisClient, key: string) {
		this.#redis = redis;
		this.#key = key;
	}

	/** @throws Stop when Redis cannot be reached or does not let in. */
	static async open(target: RedisTarget, key: string): Promise<TargetStream> {
		const redis = openRedis(target, { connectionName: 'trm-event-replay', commandTimeout: TIMEOUT });
		let problem = `no connection within ${TIMEOUT} ms`;
		redis.on('error', (error: Error) => (problem = error.message));

		const isOpen = await Promise.race([
			redis.connect().then(
				() => true,
				() => false,
			),
			sleep(TIMEOUT, false, { ref: false }),
		]);

		if (isOpen) return new TargetStream(redis, key);
		redis.disconnect();
		const remedy = 'see that it runs, and check REDIS';
		throw new Stop(EXIT.unavailable, `Redis cannot be used: ${withoutCredentials(problem)}; remedy: ${remedy}`);
	}

	/** @returns the id of the last entry that it ever had, `0-0` for none. */
	async readEnd(): Promise<string> {
		try {
			const info = (await this.#redis.xinfo('STREAM', this.#key)) as unknown[];
			return String(info[info.indexOf('last-generated-id') + 1]);
		} catch (error) {
			if (error instanceof Error && error.message.includes('no such key')) return NO_ENTRY;
			throw error;
		}
	}

	/** The entries from one sequence to another, at most `limit`: the id of the entry, and that of the event in it. */
	async readIds(from: number, to: number, limit: number): Promise<[entryId: string, eventId: string | undefined][]> {
		const entries = await this.#redis.xrange(this.#key, from, to, 'COUNT', limit);

		return entries.map(([entryId, fields]) => {
			const at = fields.findIndex((name, index) => index % 2 === 0 && name === 'id');
			return [entryId, fields[at + 1]];
		});
	}

	/**
	 * Appends events under their own ids, all of them or none, if the stream still ends at `end`.
	 * @returns the new end.
	 * @throws Error when it ends elsewhere, or when Redis refuses; after a lost reply it is not known what became of them.
	 */
	async append(end: string, events: OutboxEvent[], source: string): Promise<string> {
		await this.#redis.watch(this.#key);
		const found = await this.readEnd();
		if (found !== end) throw this.#moved();

		const transaction = this.#redis.multi();
		for (const event of events) transaction.xadd(this.#key, entryIdOf(event), ...cloudEventFields(event, source));

		const replies = await transaction.exec().catch((error: Error & { previousErrors?: Error[] }) => {
			// Of a discarded transaction the command's own refusal says why (OOM, READONLY).
			throw error.previousErrors?.[0] ?? error;
		});

		if (replies === null) throw this.#moved();
		const refused = replies.find(([error]) => error !== null);
		if (refused) throw refused[0];

		const last = events.at(-1);
		return last === undefined ? end : entryIdOf(last);
	}

	#moved(): Error {
		return new Error(`somebody else writes the stream ${this.#key}: name one that is this command's alone`);
	}

	close(): void {
		this.#redis.disconnect();
	}
}

/** Where the live stream has it too. */
export function entryIdOf({ seq }: OutboxEvent): string {
	return `${seq}-0`;
}
