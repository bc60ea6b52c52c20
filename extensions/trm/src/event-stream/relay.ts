import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { messageOf } from '../shared/errors.js';
import { Outage } from './outage.js';
import type { OutboxEvent } from '../shared/cloud-event.js';
import { Outbox } from './outbox.js';
import { reconcile } from './reconcile.js';
import { EventStream, StreamMovedError, type StreamEnd } from './stream.js';
import { WakeUp } from './wake-up.js';

/** Rows claimed and sent in one step: large enough to amortise the round trips, small enough for one Redis script. */
const BATCH = 500;

/** How often a replica that does not lead tries to, milliseconds. */
const CONTEND_INTERVAL = 2_000;

/** How often an idle relay reads the stream's end, to notice that it was emptied, milliseconds. */
const END_CHECK_INTERVAL = 5_000;

/** Pause before the next attempt when Redis or Postgres fails, milliseconds. */
const RETRY_INTERVAL = 500;

/** The longest pause between two attempts on the database, milliseconds. */
const LONGEST_PAUSE = 8_000;

interface RelayOptions {
	database: Knex;
	logger: { info(message: string): void; warn(message: string): void };
	redisUrl: string;
	stream: string;
	source: string;
	pollInterval: number;
}

/**
 * Moves events from the outbox into the Redis stream, in order and exactly once. Every replica runs one; the one whose
 * session holds the lock leads, the others wait for it to go.
 */
export class Relay {
	readonly #options: RelayOptions;
	readonly #stream: EventStream;
	readonly #wakeUp = new WakeUp();
	readonly #redisOutage: Outage;
	readonly #databaseOutage: Outage;
	#outbox: Outbox | null = null;
	#isLeading = false;
	readonly #stopping = new AbortController();
	/** of the database, one after the other */
	#failures = 0;
	#running: Promise<void> = Promise.resolve();

	/** Where the stream ends, or null when that must be read: at first, and after anything that failed. */
	#end: StreamEnd | null = null;
	/** milliseconds of the process clock */
	#endReadAt = 0;
	/** Rows may have a sequence that Redis does not hold. */
	#hasBacklog = true;

	constructor(options: RelayOptions) {
		this.#options = options;
		this.#stream = new EventStream({ url: options.redisUrl, key: options.stream, source: options.source });
		this.#redisOutage = new Outage(options.logger, 'Redis');
		this.#databaseOutage = new Outage(options.logger, 'The database session');
	}

	get isLeading(): boolean {
		return this.#isLeading;
	}

	start(): void {
		// A Redis that was away may have lost data: where it ends must be read again.
		this.#stream.connect(() => {
			this.#end = null;
			this.#wakeUp.ring();
		});

		this.#running = this.#run();
	}

	/** New rows may be in the outbox. Cheap, and safe to call for each write. */
	wake(): void {
		this.#wakeUp.ring();
	}

	/** Finishes the batch under way, publishes what is waiting when Redis is there, and lets go of the lead. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		this.#wakeUp.ring();
		await this.#running;
		this.#stream.close();
	}

	async #run(): Promise<void> {
		let pause = 0;

		// At least one look after stop() was called: what was committed before it goes out now and not at the next start.
		for (let last = false; !last; ) {
			if (pause > 0 && !this.#stopping.signal.aborted) await this.#wakeUp.wait(pause);
			last = this.#stopping.signal.aborted;
			pause = await this.#step();
			if (pause === 0) last = false;
		}

		await this.#outbox?.close();
	}

	/** One step. @returns how long to sleep before the next unless woken, milliseconds; 0 when there is more to do. */
	async #step(): Promise<number> {
		try {
			const outbox = await this.#openOutbox();

			if (!this.#isLeading) {
				this.#isLeading = await outbox.tryToLead();
				if (!this.#isLeading) return CONTEND_INTERVAL;
				this.#end = null;
			}

			return await this.#lead(outbox);
		} catch (error) {
			await this.#outbox?.close();
			this.#outbox = null;
			this.#isLeading = false;
			this.#databaseOutage.begins(messageOf(error));
			await this.#backOff();
			return RETRY_INTERVAL;
		}
	}

	/** Not cut short by writes: while the database refuses the relay, each would make another session for nothing. */
	async #backOff(): Promise<void> {
		const pause = Math.min(RETRY_INTERVAL * 2 ** this.#failures, LONGEST_PAUSE);
		this.#failures += 1;
		await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
	}

	async #openOutbox(): Promise<Outbox> {
		if (this.#outbox?.isLost === false) return this.#outbox;

		this.#isLeading = false;
		this.#outbox = await Outbox.open(this.#options.database, () => this.#wakeUp.ring());
		return this.#outbox;
	}

	/** Publishes one batch. Failures of Redis end here; failures of the database are the caller's. */
	async #lead(outbox: Outbox): Promise<number> {
		if (!this.#stream.isReady) {
			if (this.#stream.problem !== null) this.#redisOutage.begins(this.#stream.problem);
			return RETRY_INTERVAL;
		}

		const isDue = performance.now() - this.#endReadAt > END_CHECK_INTERVAL;
		const end = isDue || this.#end === null ? await this.#findEnd(outbox) : this.#end;
		if (end === null) return RETRY_INTERVAL;

		const events = await this.#nextEvents(outbox, end);

		if (events.length === 0) {
			const hadBacklog = this.#hasBacklog;
			this.#hasBacklog = false;
			this.#redisOutage.ends();
			return hadBacklog ? 0 : this.#options.pollInterval;
		}

		this.#end = await this.#append(end, events);
		if (this.#end === null) return RETRY_INTERVAL;
		this.#endReadAt = performance.now();

		this.#redisOutage.ends();
		await outbox.markPublished(this.#end.seq);
		return 0;
	}

	async #nextEvents(outbox: Outbox, end: StreamEnd): Promise<OutboxEvent[]> {
		if (this.#hasBacklog) return outbox.readAfter(end.seq, BATCH);

		const events = await outbox.claim(BATCH);
		// Only now: a session can be opened and read from while the database refuses what the relay must write.
		this.#databaseOutage.ends();
		this.#failures = 0;
		return events;
	}

	async #append(end: StreamEnd, events: OutboxEvent[]): Promise<StreamEnd | null> {
		try {
			return await this.#stream.append(end, events);
		} catch (error) {
			if (error instanceof StreamMovedError) this.#options.logger.warn(`[event-stream] ${error.message}`);
			else this.#redisOutage.begins(messageOf(error));
			return null;
		}
	}

	async #findEnd(outbox: Outbox): Promise<StreamEnd | null> {
		let end: StreamEnd;

		try {
			end = await this.#stream.readEnd();
		} catch (error) {
			this.#redisOutage.begins(messageOf(error));
			return null;
		}

		const head = await outbox.readHead();
		let inStream: Map<number, string | null>;

		try {
			inStream = await this.#stream.readEventIds(head.published, Math.min(end.seq, head.last));
		} catch (error) {
			this.#redisOutage.begins(messageOf(error));
			return null;
		}

		const unconfirmed = await outbox.readUnconfirmed(head.published, end.seq);
		const { message, numberAnewFrom, delivered } = reconcile(end.seq, head, unconfirmed, inStream);

		if (message !== null) this.#options.logger.warn(`[event-stream] ${message}`);
		if (numberAnewFrom !== null) await outbox.numberAnew(numberAnewFrom, delivered, end.seq);

		this.#end = end;
		this.#endReadAt = performance.now();
		this.#hasBacklog = true;
		return end;
	}
}
