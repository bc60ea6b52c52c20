import type { ConsumerGroup, EventStream, StreamEnd } from './stream.js';
import type { DatabaseSession } from './session.js';
import { DELETE_EXPIRED, REPORT } from './sql-operations.js';
import { trimPoint } from './trim-point.js';

/** How often the leader tidies up and reports, milliseconds. */
const INTERVAL = 5_000;

/** Rows in one DELETE, and how many of these in one round: what waits to be published waits that long at most. */
const DELETE_BATCH = 1_000;
const MOST_DELETES = 10;

interface HousekeepingOptions {
	/** this replica, as reports name it */
	name: string;
	/** seconds */
	retention: number;
	/** entries */
	keep: number;
	/** entries */
	maxLength: number;
	logger: { info(message: string): void; warn(message: string): void };
}

/** What the leader does besides publishing: deletes expired rows, trims the stream, and reports. */
export class Housekeeping {
	readonly #stream: EventStream;
	readonly #options: HousekeepingOptions;
	/** milliseconds of the process clock */
	#dueAt = 0;
	#isCapped = false;

	constructor(stream: EventStream, options: HousekeepingOptions) {
		this.#stream = stream;
		this.#options = options;
	}

	get isDue(): boolean {
		return performance.now() >= this.#dueAt;
	}

	/** At the next opportunity, whenever the last one was. */
	makeDue(): void {
		this.#dueAt = 0;
	}

	/** @throws RedisUnusableError, or an error of the database. */
	async run(session: DatabaseSession, end: StreamEnd): Promise<void> {
		this.#dueAt = performance.now() + INTERVAL;
		const groups = await this.#stream.readGroups(end.seq);
		const trimmedUnread = await this.#trim(groups, end);
		const { length, first } = await this.#stream.readShape();

		await session.query(REPORT, [
			this.#options.name,
			this.#stream.key,
			length,
			first,
			end.seq,
			JSON.stringify(groups),
			trimmedUnread,
		]);

		await this.#deleteExpired(session);
	}

	/** @returns how many entries were removed that some group had not read. */
	async #trim(groups: ConsumerGroup[], end: StreamEnd): Promise<number> {
		const { before, readByAll, isCapped } = trimPoint(groups, end.seq, this.#options);
		const { first } = await this.#stream.readShape();
		const start = first ?? before;
		const removed = start < before ? await this.#stream.trimBefore(before) : 0;
		const unread = Math.max(0, Math.min(removed, before - Math.max(start, readByAll)));

		this.#tellOfCap(isCapped, unread, groups);
		return unread;
	}

	/** One line when the cap begins to bite, and one when every group is within it again. */
	#tellOfCap(isCapped: boolean, unread: number, groups: ConsumerGroup[]): void {
		if (unread > 0 && !this.#isCapped) {
			this.#isCapped = true;
			const slowest = groups.toSorted((a, b) => b.lag + b.pending - a.lag - a.pending)[0]?.name;
			this.#options.logger.warn(
				`[event-stream] The stream is longer than EVENT_STREAM_MAX_LENGTH (${this.#options.maxLength}): ${unread} entries were removed that ` +
					`${slowest === undefined ? 'nobody has' : `the consumer group ${slowest} has not`} read. trm events replay sends them again, to another stream.`,
			);
		} else if (!isCapped && this.#isCapped) {
			this.#isCapped = false;
			this.#options.logger.info('[event-stream] No entries that are unread have to be removed any more.');
		}
	}

	async #deleteExpired(session: DatabaseSession): Promise<void> {
		for (let round = 0; round < MOST_DELETES; round += 1) {
			const [row] = await session.query<{ deleted: number }>(DELETE_EXPIRED, [this.#options.retention, DELETE_BATCH]);
			if ((row?.deleted ?? 0) < DELETE_BATCH) return;
		}

		// More than that waits: not five seconds.
		this.#dueAt = performance.now() + INTERVAL / 5;
	}
}
