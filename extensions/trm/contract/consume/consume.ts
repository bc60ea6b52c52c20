import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, RedisFailure } from './connection.js';
import { Gaps } from './gaps.js';
import { Group, isGroupMissing, type Entry } from './group.js';
import { KeepAlive } from './keep-alive.js';
import { MemoryLedger } from './ledger.js';
import { withDefaults, type ConsumeCounts, type ConsumeOptions, type Settings } from './options.js';
import { Settler } from './settler.js';

const LONGEST_PAUSE_MS = 5_000;

/**
 * Hands the events of a stream to `handler`, one after the other in the order of their sequences: first what this consumer
 * had begun, then what consumers that are gone had begun, then new ones. Goes on through every outage of Redis.
 * @returns when `signal` was aborted: a handler that runs is let finish, and its event is acknowledged.
 * @throws RangeError for options that cannot be meant; what a callback (onGap, onDeadLetter, …) throws.
 */
export async function consume(options: ConsumeOptions): Promise<ConsumeCounts> {
	const settings = withDefaults(options, () => new MemoryLedger());
	const counts: ConsumeCounts = {
		handled: 0,
		duplicates: 0,
		ignored: 0,
		retries: 0,
		deadLetters: 0,
		missing: 0,
		trimmed: 0,
	};

	if (settings.signal.aborted) return counts;
	const consumer = new Consumer(new Connection(options.redis, `trm-events:${settings.consumer}`), settings, counts);
	await consumer.run();
	return counts;
}

class Consumer {
	readonly #connection: Connection;
	readonly #group: Group;
	readonly #settings: Settings;
	readonly #counts: ConsumeCounts;
	#settler: Settler | null = null;
	#hasGroup = false;
	/** of performance.now() */
	#nextClaim = 0;
	#isReading = false;
	/** in a row */
	#failures = 0;
	#isReported = false;

	constructor(connection: Connection, settings: Settings, counts: ConsumeCounts) {
		this.#connection = connection;
		this.#settings = settings;
		this.#counts = counts;
		this.#group = new Group(connection, settings);
	}

	async run(): Promise<void> {
		const { signal } = this.#settings;
		// Only a read that waits is cut off; what it may have been given at that moment is pending and not lost.
		const stop = () => this.#isReading && this.#connection.close();
		signal.addEventListener('abort', stop);

		try {
			while (!signal.aborted) await this.#workUntilFailure();
		} finally {
			signal.removeEventListener('abort', stop);
			this.#connection.close();
		}
	}

	async #workUntilFailure(): Promise<void> {
		const { signal, onProblem } = this.#settings;

		try {
			await this.#connection.ready(signal);
			this.#settler ??= await this.#begin();
			while (!signal.aborted) await this.#step(this.#settler);
		} catch (error) {
			if (!(error instanceof RedisFailure)) throw error;
			if (signal.aborted) return;
			this.#failures += 1;

			if (isGroupMissing(error)) {
				this.#hasGroup = false;
			} else if (!this.#isReported) {
				this.#isReported = true;
				onProblem(error);
			}

			const pause = Math.min(50 * 2 ** Math.min(this.#failures, 10), LONGEST_PAUSE_MS);
			await sleep(pause, undefined, { signal }).catch(() => undefined);
		}
	}

	async #begin(): Promise<Settler> {
		const last = (await this.#settings.ledger.last?.()) ?? null;
		return new Settler(this.#group, this.#settings, this.#counts, new Gaps(this.#group, last));
	}

	/** One entry that was begun, or one batch of new ones. */
	async #step(settler: Settler): Promise<void> {
		const { count, block, minIdle } = this.#settings;

		if (!this.#hasGroup) {
			await this.#group.create();
			this.#hasGroup = true;
		}

		// Also in the middle of the work: what a reply brought that was cut off is pending and was never seen.
		const pending = await this.#group.firstPending();
		if (pending) return this.#again(settler, await this.#group.read(pending.id), pending.deliveries);

		if (performance.now() >= this.#nextClaim) {
			const { entry, trimmed } = await this.#group.claimStale(minIdle);
			settler.reportTrimmed(trimmed);
			if (entry) return this.#takeOver(settler, entry);
			this.#nextClaim = performance.now() + minIdle / 2;
		}

		const entries = await this.#readNew(count, Math.min(block, Math.ceil(minIdle / 2)));
		this.#recovered();
		const first = entries[0];
		// A cluster's client sends a read again by itself: were there entries before these, they come first.
		if (first && (await this.#group.firstPending())?.id === first.id) await this.#settleAll(settler, entries);
	}

	async #readNew(count: number, block: number): Promise<Entry[]> {
		if (this.#settings.signal.aborted) return [];
		this.#isReading = true;

		try {
			return await this.#group.readNew(count, block);
		} finally {
			this.#isReading = false;
		}
	}

	/** @param deliveries as Redis has counted them until now */
	async #again(settler: Settler, entry: Entry, deliveries: number): Promise<void> {
		if (settler.isUntried(entry.id)) return this.#settleOne(settler, entry, deliveries);
		// Counted before the attempt: one that kills this process has to be found in the count.
		const own = await this.#group.keep([entry.id], deliveries + 1);
		if (own.has(entry.id) || entry.fields === null) await this.#settleOne(settler, entry, deliveries + 1);
	}

	async #takeOver(settler: Settler, entry: Entry): Promise<void> {
		const deliveries = await this.#group.deliveriesOf(entry.id);
		if (deliveries > 0) await this.#settleOne(settler, entry, deliveries);
	}

	async #settleOne(settler: Settler, entry: Entry, deliveries: number): Promise<void> {
		const alive = new KeepAlive(this.#group, [entry.id], this.#settings.minIdle);

		try {
			await settler.settle(entry, deliveries);
			this.#recovered();
		} finally {
			alive.stop();
		}
	}

	/** @param entries delivered for the first time */
	async #settleAll(settler: Settler, entries: Entry[]): Promise<void> {
		const ids = entries.map(({ id }) => id);
		const alive = new KeepAlive(this.#group, ids, this.#settings.minIdle);
		settler.receive(ids);

		try {
			for (const entry of entries) {
				if (this.#settings.signal.aborted) break;
				// It has stood still for so long (a paused machine) that another consumer has it now.
				if (!(await alive.isOwn(entry.id))) continue;
				if (!(await settler.settle(entry, 1))) break;
				alive.done(entry.id);
			}

			if (this.#settings.signal.aborted) await this.#group.release(alive.rest.filter((id) => settler.isUntried(id)));
		} finally {
			alive.stop();
		}
	}

	#recovered(): void {
		this.#failures = 0;
		if (!this.#isReported) return;
		this.#isReported = false;
		this.#settings.onProblem(null);
	}
}
