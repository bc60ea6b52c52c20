import type { OutboxEvent } from '../cloud-event.js';
import { messageOf } from '../../lib/errors.js';
import { inChunks } from './chunks.js';
import { isOverdue, isServerState, RedisRefusesError, RedisUnusableError } from './redis-errors.js';
import { leapData, rebuiltData, reconcile } from './reconcile.js';
import { lastInPlace } from './last-in-place.js';
import { goOnAfter } from './rewind.js';
import type { Head, Outbox, OwnEvent } from './outbox.js';
import { StreamMovedError, type EventStream, type StreamEnd } from './stream.js';

/** Rows claimed and sent in one step: large enough to amortise the round trips, small enough for one Redis script. */
const BATCH = 1_000;

/** Data in one step and in one Redis script, bytes; a single event may have more. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** How often a row is tried alone before it is parked. */
const MOST_ATTEMPTS = 5;

/** Each failure that may be a row's fault makes the next step so much narrower, down to one row; each success doubles it. */
const NARROWING = 8;

interface Logger {
	info(message: string): void;
	warn(message: string): void;
}

export type Outcome = 'more' | 'done' | 'idle' | 'again';

/** Moves events from the outbox into the stream, in order and exactly once, while its replica leads. */
export class Publisher {
	readonly #stream: EventStream;
	readonly #logger: Logger;

	/** Where the stream ends, or null when that must be read: at first, and after anything that failed. */
	#end: StreamEnd | null = null;
	/** Rows up to this sequence may not be in Redis. */
	#backlogUpTo = 0;
	/** Rows in one step. Outlives a failure, and narrows the search for a row that cannot be sent. */
	#width = BATCH;
	#lastFailure = '';

	constructor(stream: EventStream, logger: Logger) {
		this.#stream = stream;
		this.#logger = logger;
	}

	/** The last id that the stream was seen to have; null when it must be read. */
	get end(): StreamEnd | null {
		return this.#end;
	}

	/** The stream's end must be read again: it may have lost data, or somebody else may have led. */
	forgetEnd(): void {
		this.#end = null;
	}

	/** A step failed for a reason that may lie in one of its rows. */
	narrow(reason: string): void {
		this.#end = null;
		this.#width = Math.max(1, Math.floor(this.#width / NARROWING));
		this.#lastFailure = reason;
	}

	/**
	 * Publishes one batch.
	 * @returns `more` when there may be more to do at once, `done` when all that waited is sent, `idle` when nothing did,
	 * `again` when it failed in a way that is to be tried again after a pause.
	 * @throws RedisUnusableError when this replica has no Redis, RedisRefusesError when Redis does not take entries,
	 * anything else from the database.
	 */
	async publish(outbox: Outbox): Promise<Outcome> {
		const end = this.#end ?? (await this.#findEnd(outbox));

		const isClaiming = end.seq >= this.#backlogUpTo;
		if (isClaiming && !(await outbox.isAnyWaiting())) return 'idle';

		if (isClaiming && this.#width === BATCH) {
			const { last, events } = await outbox.claimAndRead(end.seq, BATCH, BATCH_BYTES);
			this.#backlogUpTo = last;
			return this.#send(outbox, end, events);
		}

		// One of the rows may be beyond reading: first they get their sequence, then they are read.
		if (isClaiming) this.#backlogUpTo = await outbox.claim(this.#width);
		if (this.#width === 1 && !(await this.#mayTryAlone(outbox, end))) return 'more';
		return this.#send(outbox, end, await outbox.readAfter(end.seq, this.#width, BATCH_BYTES));
	}

	async #send(outbox: Outbox, start: StreamEnd, events: OutboxEvent[]): Promise<Outcome> {
		let end = start;

		if (events.length === 0) {
			// Sequences of rows that were numbered anew belong to nobody.
			this.#backlogUpTo = end.seq;
			return 'more';
		}

		try {
			for (const chunk of inChunks(events, BATCH_BYTES)) end = await this.#stream.append(end, chunk);
		} catch (error) {
			const message = messageOf(error);

			if (error instanceof StreamMovedError) {
				this.#end = null;
				// An append that was given up for lost may have arrived after all. Whether more is wrong shows when the end is read.
				this.#logger.info(`[event-stream] ${message}`);
				return 'again';
			}

			if (isServerState(message)) {
				this.#end = null;
				// Not the row's fault: however long this lasts, it is no attempt.
				await outbox.forgetSuspect();
				throw new RedisRefusesError(message);
			}

			// A notice is small and sound: where even that is refused, the row that it stands for was not to blame either.
			if (events.length === 1 && events[0]?.type === 'trm.stream.parked') {
				this.#end = null;
				throw new RedisRefusesError(message);
			}

			this.narrow(message);
			// Asking on would take the time after which a leader is deposed.
			if (!this.#stream.isReady || isOverdue(message)) throw new RedisUnusableError(message);
			this.#logger.warn(`[event-stream] ${events.length} events could not be sent (${message}): trying fewer at once.`);
			return 'again';
		}

		this.#end = end;
		this.#width = Math.min(BATCH, this.#width * 2);
		await outbox.markPublished(end.seq);

		// A claim that was not full has left nothing; whoever writes meanwhile wakes the relay. Looking again for each single
		// write would cost the server that runs it a tenth of its own.
		return events.length < BATCH && end.seq >= this.#backlogUpTo && this.#width === BATCH ? 'done' : 'more';
	}

	/** Counts the attempt on the next row before it is made. A row that has had enough is parked. */
	async #mayTryAlone(outbox: Outbox, end: StreamEnd): Promise<boolean> {
		const next = await outbox.peekAfter(end.seq);
		// The notice of a parked row is small and known to be sound: what fails then is not the row.
		if (next === null || next.type === 'trm.stream.parked') return true;

		const attempts = await outbox.countAttempt(next.seq);
		if (attempts <= MOST_ATTEMPTS) return true;

		await outbox.park(next.seq, attempts - 1, this.#lastFailure || 'the process died whenever it was sent');
		this.#logger.warn(
			`[event-stream] Parked after ${attempts - 1} attempts: event ${next.id}, ${next.type} of ${next.subject} ` +
				`(${this.#lastFailure || 'the process died'}). A trm.stream.parked event stands in its place; see trm events parked.`,
		);
		return false;
	}

	/** Reads where the stream ends and brings outbox and stream into agreement. */
	async #findEnd(outbox: Outbox): Promise<StreamEnd> {
		const end = await this.#stream.readEnd();
		const head = await outbox.readHead();
		const agreedUpTo =
			end.seq > head.published ? await lastInPlace(this.#stream, outbox, head, end.seq) : head.published;
		const next = end.seq > agreedUpTo ? await this.#stream.firstEntry(agreedUpTo + 1) : null;
		const finding = reconcile(end.seq, head, agreedUpTo, next);

		if (finding.kind === 'taken') {
			this.#logger.warn(`[event-stream] ${await goOnAfter(this.#stream, outbox, finding.from, end)}`);
		} else if (finding.kind === 'lost') {
			await this.#sendAgain(outbox, end, head, finding.isHistoryLost);
		} else {
			// What a crash has left: should one of these rows have been its cause, it is found by trying them one by one.
			if (head.last > Math.max(end.seq, head.published) && this.#backlogUpTo < head.last) this.#width = 1;
			if (head.isOtherDatabase)
				this.#logger.info('[event-stream] The database is another one than before; it agrees with the stream.');
			await outbox.rememberDatabase();
			// A crash, or a reply that was lost, may have come between sending and marking.
			await outbox.markPublished(end.seq);
		}

		this.#backlogUpTo = (await outbox.readHead()).last;
		this.#end = end;
		return end;
	}

	async #sendAgain(outbox: Outbox, end: StreamEnd, head: Head, isHistoryLost: boolean): Promise<void> {
		const { last } = head;
		const rebuilt = rebuiltData(end.seq, head);
		const events: OwnEvent[] = [{ type: 'trm.stream.rebuilt', data: rebuilt }];
		const rewound = leapData(last);

		if (isHistoryLost) events.push({ type: 'trm.stream.rewound', data: rewound });
		await outbox.sendAgainAfter(end.seq, isHistoryLost ? rewound.to : last, events);

		const missing =
			rebuilt.missing === null ? '' : ` ${rebuilt.missing.from} to ${rebuilt.missing.to} are no longer retained.`;
		const leap = isHistoryLost
			? ` The database was restored too, so nobody knows what else was sent: new events continue after ${rewound.to}.`
			: '';

		this.#logger.warn(
			`[event-stream] the stream ends at ${end.seq} although ${head.published} had been published (Redis lost its data?): ` +
				`sending again from ${rebuilt.from} on what the outbox retains.${missing}${leap}`,
		);
	}
}
