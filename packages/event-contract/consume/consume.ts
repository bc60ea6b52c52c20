import { setTimeout as sleep } from 'node:timers/promises';
import { askLedger, STOPPED } from './ask-ledger.js';
import { Connection, RedisFailure } from './connection.js';
import { Gaps } from './gaps.js';
import { Group, isBefore, isGroupMissing, type Entry, type Pending } from './group.js';
import { KeepAlive } from './keep-alive.js';
import { MemoryLedger } from './ledger.js';
import { withDefaults, type ConsumeCounts, type ConsumeOptions, type Settings } from './options.js';
import { Settler } from './settler.js';

const LONGEST_PAUSE_MS = 5_000;

/** How often it is looked whether another process of the same name is done with what it has begun. */
const NAMESAKE_MS = 200;

/** So long a stop waits for Redis, to leave what is not done to others at once. */
const LEAVE_MS = 1_000;

/**
 * Hands the events of a stream to `handler`, one after the other in the order of their sequences: first what earlier
 * processes of this name and consumers that are gone had begun, then new ones. Goes on through every outage of Redis.
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
	const connection = new Connection(options.redis, `trm-events:${settings.consumer}`, settings.patience);
	const consumer = new Consumer(connection, settings, counts);
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
		const stop = () => this.#isReading && this.#connection.interrupt();
		signal.addEventListener('abort', stop);

		try {
			while (!signal.aborted) await this.#workUntilFailure();
		} finally {
			signal.removeEventListener('abort', stop);
			if (this.#hasGroup) await this.#leave().catch(() => undefined);
			this.#connection.close();
		}
	}

	/** Leaves what is not done to others. Where Redis does not answer they take it over after the idle time. */
	async #leave(): Promise<void> {
		await this.#connection.ready(AbortSignal.timeout(LEAVE_MS));

		for (const { id, deliveries } of await this.#group.ownPending(2 * this.#settings.count)) {
			const attempts = this.#settler?.isBegun(id) ? deliveries : Math.max(deliveries - 1, 0);
			await this.#group.release([id], attempts);
		}
	}

	async #workUntilFailure(): Promise<void> {
		const { signal, onProblem } = this.#settings;

		try {
			await this.#connection.ready(signal);
			this.#settler ??= await this.#begin();
			while (this.#settler && !signal.aborted) await this.#step(this.#settler);
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

	/** @returns null when it is stopped before the ledger answers. */
	async #begin(): Promise<Settler | null> {
		const { ledger } = this.#settings;
		const last = await askLedger(this.#settings, async () => (await ledger.last?.()) ?? null);
		if (last === STOPPED) return null;
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
		const own = await this.#group.ownPending(count);
		const other = await this.#group.namesakePending();
		if (other && (!own[0] || isBefore(other.id, own[0].id))) return this.#waitFor(settler, other, own);
		if (own[0]) return this.#settleFirst(settler, await this.#group.read(own[0].id), own);

		if (performance.now() >= this.#nextClaim) {
			if (await this.#takeOver(settler)) return;
			this.#nextClaim = performance.now() + minIdle / 2;
		}

		const entries = await this.#readNew(count, Math.min(block, Math.ceil(minIdle / 2)));
		this.#recovered();
		if (entries[0] && (await this.#isFirst(entries[0]))) await this.#settleAll(settler, entries);
	}

	/** A cluster's client sends a read again by itself, and a namesake may be at work: were there entries before, they come first. */
	async #isFirst({ id }: Entry): Promise<boolean> {
		const [own] = await this.#group.ownPending(1);
		const other = await this.#group.namesakePending();
		return own?.id === id && (other === null || isBefore(id, other.id));
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

	/** Another process of the same name is at an earlier entry: nothing overtakes it, unless it gives no sign of life. */
	async #waitFor(settler: Settler, other: Pending, own: Pending[]): Promise<void> {
		const { minIdle, signal } = this.#settings;
		if (other.idle >= minIdle && (await this.#takeOver(settler))) return;

		// A read has counted 1 for what may never be tried here.
		const isUntried = ({ id, deliveries }: Pending) => deliveries === 1 && !settler.isBegun(id);
		const untried = own.filter(isUntried).map(({ id }) => id);
		await this.#group.keep(untried, 0);
		await this.#group.keep(own.map(({ id }) => id));
		this.#recovered();
		await sleep(Math.min(NAMESAKE_MS, minIdle / 3), undefined, { signal }).catch(() => undefined);
	}

	/** @returns whether there was something to take over. */
	async #takeOver(settler: Settler): Promise<boolean> {
		const { taken, begun, trimmed } = await this.#group.claimStale(this.#settings.minIdle);
		settler.reportTrimmed(trimmed);
		begun.forEach((id) => settler.begun(id));
		return taken > 0;
	}

	/** @param own what this process holds; the entry is the first of it */
	async #settleFirst(settler: Settler, entry: Entry, own: Pending[]): Promise<void> {
		// It may have been taken over since it was asked for.
		if (!(await this.#group.keep([entry.id])).has(entry.id) && entry.fields !== null) return;
		const ids = own.map(({ id }) => id);
		const alive = new KeepAlive(this.#group, ids, this.#settings.minIdle);

		try {
			await settler.settle(entry, own[0]?.deliveries ?? 1);
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
		} finally {
			settler.receive([]);
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
