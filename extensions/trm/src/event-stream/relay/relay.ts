import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { DatabaseSession } from '../../lib/database-session.js';
import { messageOf } from '../../lib/errors.js';
import { WakeUp } from '../../lib/wake-up.js';
import type { EventStreamEnvironment } from './env.js';
import { Housekeeping } from './housekeeping.js';
import { Outage } from './outage.js';
import { Outbox } from './outbox.js';
import { Publisher } from './publisher.js';
import { RedisRefusesError, RedisUnusableError } from './redis-errors.js';
import { SETTINGS, SIGN_OF_LIFE } from './sql.js';
import { REPORT_UNUSABLE } from './sql-operations.js';
import { EventStream } from './stream.js';
import { WAITS, type Waits } from './waits.js';

export interface RelayOptions extends Omit<EventStreamEnvironment, 'redis'> {
	database: Knex;
	logger: { info(message: string): void; warn(message: string): void };
	redis: NonNullable<EventStreamEnvironment['redis']>;
	/** the same on every replica */
	waits?: Waits;
}

/**
 * Moves events from the outbox into the Redis stream, in order and exactly once. Every replica runs one; the one whose
 * session holds the lock leads, the others wait for it to go or to fall silent.
 */
export class Relay {
	readonly #options: RelayOptions;
	readonly #waits: Waits;
	readonly #stream: EventStream;
	readonly #publisher: Publisher;
	readonly #housekeeping: Housekeeping;
	readonly #wakeUp = new WakeUp();
	readonly #redisOutage: Outage;
	readonly #databaseOutage: Outage;
	readonly #stopping = new AbortController();
	#outbox: Outbox | null = null;
	#isLeading = false;
	/** milliseconds of the process clock */
	#endCheckedAt = 0;
	/** of the database, one after the other */
	#failures = 0;
	#running: Promise<void> = Promise.resolve();

	constructor(options: RelayOptions) {
		const { redis, stream, source, logger, waits = WAITS } = options;
		this.#options = options;
		this.#waits = waits;
		this.#stream = new EventStream(redis, stream, source, waits.reply);
		this.#publisher = new Publisher(this.#stream, logger);
		const name = `${hostname()}:${process.pid}`;
		this.#housekeeping = new Housekeeping(this.#stream, { ...options, name, interval: waits.housekeeping });
		this.#redisOutage = new Outage(logger, 'Redis');
		this.#databaseOutage = new Outage(logger, 'The database session');
	}

	get isLeading(): boolean {
		return this.#isLeading;
	}

	start(): void {
		// A Redis that was away may have lost data: where the stream ends must be read again.
		this.#stream.connect(() => {
			this.#publisher.forgetEnd();
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
			if (pause > 0) await this.#rest(pause);
			last = this.#stopping.signal.aborted;
			pause = await this.#guarded(() => this.#step());
			if (pause === 0) last = false;
		}

		await this.#outbox?.session.close();
	}

	/** Sleeps until woken. A leader shows meanwhile that it lives, and looks after the stream. */
	async #rest(duration: number): Promise<void> {
		const { pulse } = this.#waits;

		for (let left = duration; left > 0 && !this.#stopping.signal.aborted; left -= pulse) {
			if (await this.#wakeUp.wait(Math.min(left, pulse))) return;
			if (this.#isLeading && left > pulse && (await this.#guarded(() => this.#pulse())) === 0) return;
		}
	}

	/** @returns 0 when the next step must not wait. */
	async #pulse(): Promise<number> {
		const outbox = await this.#openOutbox();
		if (!this.#isLeading || !this.#stream.isReady) return 0;

		await outbox.session.query(SIGN_OF_LIFE);
		if (performance.now() - this.#endCheckedAt > this.#waits.endCheck) {
			const { end } = this.#publisher;
			if (end === null || (await this.#stream.readEnd()).id !== end.id) return 0;
			this.#endCheckedAt = performance.now();
		}

		await this.#keepHouse(outbox, false);
		return this.#waits.retry;
	}

	/** Turns failures into what follows from them. @returns how long to sleep before the next step, milliseconds. */
	async #guarded(work: () => Promise<number>): Promise<number> {
		try {
			return await work();
		} catch (error) {
			if (error instanceof RedisUnusableError || error instanceof RedisRefusesError) {
				return this.#onRedisFailure(error).catch((failure: unknown) => this.#onDatabaseFailure(failure));
			}

			return this.#onDatabaseFailure(error);
		}
	}

	/** One step. @returns how long to sleep before the next unless woken, milliseconds; 0 when there is more to do. */
	async #step(): Promise<number> {
		const outbox = await this.#openOutbox();
		if (!this.#isLeading && !(await this.#contend(outbox))) return this.#waits.contend;
		if (!this.#stream.isReady) throw this.#stream.problem ?? new RedisUnusableError('not connected yet');

		if (performance.now() - this.#endCheckedAt > this.#waits.endCheck) this.#publisher.forgetEnd();
		const isChecked = this.#publisher.end === null;
		const outcome = await this.#publisher.publish(outbox);
		if (outcome === 'again') return this.#waits.retry;

		// An append compares the end too.
		if (isChecked || outcome !== 'idle') this.#endCheckedAt = performance.now();
		await this.#keepHouse(outbox, outcome === 'more');

		// Only now: a session can be opened and read from while the database refuses what the relay must write.
		this.#databaseIsBack();
		this.#redisOutage.ends();
		return outcome === 'more' ? 0 : this.#options.pollInterval;
	}

	#databaseIsBack(): void {
		this.#databaseOutage.ends();
		this.#failures = 0;
	}

	async #keepHouse(outbox: Outbox, isBusy: boolean): Promise<void> {
		const { end } = this.#publisher;
		if (end !== null && this.#housekeeping.isDue) await this.#housekeeping.run(outbox.session, end, isBusy);
	}

	/** @returns whether this replica leads now. Only one that can reach Redis tries to. */
	async #contend(outbox: Outbox): Promise<boolean> {
		if (!this.#stream.isReady) {
			// Not while the first attempt to connect is under way.
			if (this.#stream.problem !== null) throw this.#stream.problem;
			return false;
		}

		if (this.#redisOutage.isDown) await this.#stream.readEnd();

		if (await outbox.tryToLead()) {
			this.#isLeading = true;
			this.#publisher.forgetEnd();
			this.#housekeeping.makeDue();
			return true;
		}

		// Somebody else leads, and this replica's Redis has answered.
		this.#redisOutage.ends();
		this.#databaseIsBack();

		const silence = this.#waits.silence / 1_000;

		if (await outbox.deposeSilentLeader(silence)) {
			this.#options.logger.warn(
				`[event-stream] The leading replica has been silent for ${silence} s: its session was ended, another takes over.`,
			);
			this.#wakeUp.ring();
		}

		return false;
	}

	async #openOutbox(): Promise<Outbox> {
		if (this.#outbox?.session.isLost === false) return this.#outbox;

		this.#isLeading = false;
		const session = await DatabaseSession.open(this.#options.database, SETTINGS, () => this.#wakeUp.ring());
		this.#outbox = new Outbox(session, `stream/${this.#options.stream}`);
		return this.#outbox;
	}

	/** Where Redis cannot be reached from here, another replica may do better; where it refuses, none would. */
	async #onRedisFailure(error: RedisUnusableError | RedisRefusesError): Promise<number> {
		this.#publisher.forgetEnd();
		this.#redisOutage.begins(error.message);
		await this.#outbox?.session.query(REPORT_UNUSABLE, [error.message]);

		if (error instanceof RedisRefusesError || !this.#isLeading) return this.#waits.contend;

		this.#isLeading = false;
		await this.#outbox?.resign();
		return this.#waits.contend + this.#waits.retry;
	}

	async #onDatabaseFailure(error: unknown): Promise<number> {
		await this.#outbox?.session.close();
		this.#outbox = null;
		this.#isLeading = false;
		this.#publisher.narrow(messageOf(error));
		this.#databaseOutage.begins(messageOf(error));
		await this.#backOff();
		return this.#waits.retry;
	}

	/** Not cut short by writes: while the database refuses the relay, each would make another session for nothing. */
	async #backOff(): Promise<void> {
		const pause = Math.min(this.#waits.retry * 2 ** this.#failures, this.#waits.longestPause);
		this.#failures += 1;
		await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
	}
}
