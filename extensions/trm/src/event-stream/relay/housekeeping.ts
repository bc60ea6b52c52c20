import type { ConsumerGroup } from './consumer-groups.js';
import type { DatabaseSession } from '../../lib/database-session.js';
import { messageOf } from '../../lib/errors.js';
import type { EventStream, StreamEnd } from './stream.js';
import { DELETE_EXPIRED, REPORT } from './sql-operations.js';
import { trimPoint } from './trim-point.js';

/** Rows in one DELETE, and how many of these in one round: what waits to be published waits that long at most. */
const DELETE_BATCH = 1_000;
const MOST_DELETES = 10;

/** Entries beyond those that stay, past which a stream whose sequences leap is trimmed. */
const LEAP_BATCH = 1_000;

interface HousekeepingOptions {
	/** this replica, as reports name it */
	name: string;
	/** seconds */
	retention: number;
	/** entries */
	keep: number;
	/** entries */
	maxLength: number;
	/** between two rounds, milliseconds */
	interval: number;
	logger: { info(message: string): void; warn(message: string): void };
}

/** What the leader does besides publishing: deletes expired rows, trims the stream, and reports. */
export class Housekeeping {
	readonly #stream: EventStream;
	readonly #options: HousekeepingOptions;
	/** milliseconds of the process clock */
	#dueAt = 0;
	#isCapped = false;
	#isReporting = true;

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

	/**
	 * @param isBusy while events wait, only a little is deleted at once
	 * @throws RedisUnusableError, or an error of the database.
	 */
	async run(session: DatabaseSession, end: StreamEnd, isBusy: boolean): Promise<void> {
		this.#dueAt = performance.now() + this.#options.interval;
		const groups = await this.#stream.readGroups();
		const trimmedUnread = await this.#trim(groups, end);
		const { length, first } = await this.#stream.readShape();

		await this.#report(session, [
			this.#options.name,
			this.#stream.key,
			length,
			first,
			end.seq,
			JSON.stringify(groups),
			trimmedUnread,
		]);

		await this.#deleteExpired(session, isBusy ? 1 : MOST_DELETES);
	}

	/** What others are told must never keep events back. A session that is lost shows at the next statement. */
	async #report(session: DatabaseSession, values: unknown[]): Promise<void> {
		try {
			await session.query(REPORT, values);
			this.#isReporting = true;
		} catch (error) {
			if (this.#isReporting) {
				this.#options.logger.warn(`[event-stream] The report of the leader could not be written: ${messageOf(error)}`);
			}

			this.#isReporting = false;
		}
	}

	/** @returns how many entries were removed that some group had not read. */
	async #trim(groups: ConsumerGroup[], end: StreamEnd): Promise<number> {
		const { keep, maxLength } = this.#options;
		const { length, first } = await this.#stream.readShape();
		if (length <= keep) return 0;

		// After a restored backup or a foreign entry sequences leap: then those that stay are counted, and seldom, because that reads them.
		const isGapless = first !== null && end.seq - first + 1 === length;
		const isTooSoon = !isGapless && length - keep < Math.min(LEAP_BATCH, keep);
		const kept = isGapless ? end.seq - keep + 1 : isTooSoon ? 0 : await this.#stream.newest(keep, end.seq);

		const trimmed = await this.#stream.trimBefore(trimPoint(groups, kept));
		// What is left now, beyond what is kept anyway, is unread.
		const unread = length - trimmed > maxLength ? await this.#stream.trimToLength(maxLength) : 0;

		if (unread > 0) this.#tellOfCap(unread, groups);
		else if (length - trimmed < maxLength) this.#isCapped = false;
		return unread;
	}

	/** Once for each time that the cap begins to bite, however long it does. */
	#tellOfCap(unread: number, groups: ConsumerGroup[]): void {
		if (this.#isCapped) return;
		this.#isCapped = true;
		const slowest = groups.toSorted((a, b) => b.lag + b.pending - a.lag - a.pending)[0]?.name;

		this.#options.logger.warn(
			`[event-stream] The stream is longer than EVENT_STREAM_MAX_LENGTH (${this.#options.maxLength}): ${unread} entries were removed that ` +
				`${slowest === undefined ? 'nobody has' : `the consumer group ${slowest} has not`} read. trm events replay sends them again, to another stream.`,
		);
	}

	async #deleteExpired(session: DatabaseSession, most: number): Promise<void> {
		for (let round = 0; round < most; round += 1) {
			const [row] = await session.query<{ deleted: number }>(DELETE_EXPIRED, [this.#options.retention, DELETE_BATCH]);
			if ((row?.deleted ?? 0) < DELETE_BATCH) return;
		}

		// More waits: not for a whole interval.
		this.#dueAt = performance.now() + this.#options.interval / 4;
	}
}
