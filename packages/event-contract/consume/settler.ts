import { setTimeout as sleep } from 'node:timers/promises';
import { EventError } from '../event-error.js';
import { parseEvent, type TrmEvent } from '../parse-event.js';
import { askLedger, STOPPED } from './ask-ledger.js';
import { deadLetter } from './dead-letter.js';
import type { Gaps } from './gaps.js';
import { sequenceOf, type Entry, type Group } from './group.js';
import type { ConsumeCounts, Settings } from './options.js';

type Present = Entry & { fields: Record<string, string> };

/** Brings one entry to its end: handled, a duplicate, ignored, or a dead letter; acknowledged in every case. */
export class Settler {
	readonly #group: Group;
	readonly #settings: Settings;
	readonly #counts: ConsumeCounts;
	readonly #gaps: Gaps;
	/** ids of pending entries whose handler was called, here or by a process that is gone, for the attempt that Redis has counted */
	readonly #begun = new Set<string>();
	/** ids of entries as a read has brought them just now */
	#fresh = new Set<string>();
	/** what the handler threw last, and for which entry */
	#failure: { id: string; error: unknown } | null = null;

	constructor(group: Group, settings: Settings, counts: ConsumeCounts, gaps: Gaps) {
		this.#group = group;
		this.#settings = settings;
		this.#counts = counts;
		this.#gaps = gaps;
	}

	/** New entries came: Redis has counted 1 for each. */
	receive(ids: string[]): void {
		this.#fresh = new Set(ids);
	}

	/** A process that is gone had begun this entry: Redis's count names its last attempt. */
	begun(id: string): void {
		this.#begun.add(id);
	}

	/**
	 * Whether the attempt that Redis has counted last was made. Not when a read or a takeover was all that happened, or when what
	 * failed was no fault of the event.
	 */
	isBegun(id: string): boolean {
		return this.#begun.has(id);
	}

	/**
	 * @param counted what Redis has as its count of deliveries
	 * @returns false when it was stopped before the end: the entry stays pending.
	 */
	async settle(entry: Entry, counted: number): Promise<boolean> {
		await this.#reportGaps(sequenceOf(entry.id));

		if (entry.fields === null) {
			this.reportTrimmed([entry.id]);
			return this.#acknowledge(entry);
		}

		const present = entry as Present;
		const attempt = this.#begun.has(entry.id) ? counted + 1 : Math.max(counted, 1);
		const event = this.#parse(present);
		if (event instanceof EventError) return this.#refuse(present, event, attempt);

		const known = await askLedger(
			this.#settings,
			() => this.#settings.ledger.has(event.sequence, event),
			// A process that ends while it waits here has not tried it.
			async () => this.isBegun(entry.id) || this.#takeBack(entry.id, attempt),
		);
		if (known === STOPPED) return false;

		if (known) {
			this.#counts.duplicates += 1;
			return this.#acknowledge(entry);
		}

		return this.#handle(present, event, attempt);
	}

	reportTrimmed(ids: string[]): void {
		if (ids.length === 0) return;
		this.#counts.trimmed += ids.length;
		this.#settings.onTrimmed?.(ids);
	}

	/** @param first which attempt comes now */
	async #handle(entry: Present, event: TrmEvent, first: number): Promise<boolean> {
		const { handler, maxDeliveries, retryDelay, isOutage, signal, ledger } = this.#settings;

		if (first > maxDeliveries) {
			const error = new Error('its consumers ended each time before its handler did');
			return this.#bury(entry, this.#failure?.id === entry.id ? this.#failure.error : error, first - 1);
		}

		for (let attempt = first; ; ) {
			// Counted before the attempt: one that kills this process has to be found in the count.
			if (!(await this.#isCounted(entry.id, attempt))) return true;

			try {
				this.#begun.add(entry.id);
				await handler(event, { entryId: entry.id, deliveries: attempt, signal });
				break;
			} catch (error) {
				const outage = isOutage(error);
				// A handler that gives up because it was told to stop has not failed either.
				if (outage || signal.aborted) await this.#takeBack(entry.id, attempt);
				if (signal.aborted) return false;
				this.#failure = { id: entry.id, error };
				if (!outage && attempt >= maxDeliveries) return this.#bury(entry, error, attempt);
				if (!(await this.#pause(retryDelay(attempt)))) return false;
				if (!outage) attempt += 1;
				this.#counts.retries += 1;
			}
		}

		this.#counts.handled += 1;
		const added = await askLedger(this.#settings, () => ledger.add(event.sequence, event));
		return added === STOPPED ? false : this.#acknowledge(entry);
	}

	/** @returns false when another process has taken the entry over. */
	async #isCounted(id: string, attempt: number): Promise<boolean> {
		// Redis has counted 1 with the read.
		if (this.#fresh.delete(id) && attempt === 1) return true;
		return (await this.#group.keep([id], attempt)).has(id);
	}

	/** The attempt is none: nobody who finds the entry may count it. */
	async #takeBack(id: string, attempt: number): Promise<void> {
		this.#fresh.delete(id);
		this.#begun.delete(id);
		await this.#group.keep([id], attempt - 1);
		if (attempt > 1) this.#begun.add(id);
	}

	#parse(entry: Present): TrmEvent | EventError {
		try {
			const event = parseEvent(entry.fields);
			if (entry.id.split('-')[0] === String(event.sequence)) return event;
			// Its place in the stream, or what it says of it, is wrong: the ledger would take it for another event.
			return new EventError('INVALID_EVENT', [{ path: 'sequence', message: `is not that of the entry ${entry.id}` }]);
		} catch (error) {
			if (error instanceof EventError) return error;
			throw error;
		}
	}

	/** Ignores what a newer publisher may send, and keeps what cannot be read. Neither gets better by trying again. */
	async #refuse(entry: Present, error: EventError, deliveries: number): Promise<boolean> {
		if (error.code !== 'UNKNOWN_TYPE') return this.#bury(entry, error, deliveries);
		this.#counts.ignored += 1;
		this.#settings.onIgnored?.({ entryId: entry.id, fields: entry.fields, error });
		return this.#acknowledge(entry);
	}

	/** First the dead letter, then the acknowledgement: a crash between makes it twice, with the same deadentry, and never not. */
	async #bury(entry: Present, error: unknown, deliveries: number): Promise<boolean> {
		const { group, consumer, deadLetters, onDeadLetter } = this.#settings;
		await this.#group.append(deadLetters, deadLetter(entry, { group, consumer, deliveries, error }));
		await this.#acknowledge(entry);
		this.#counts.deadLetters += 1;
		onDeadLetter?.({ entryId: entry.id, fields: entry.fields, error, deliveries });
		return true;
	}

	async #acknowledge(entry: Entry): Promise<true> {
		await this.#group.acknowledge(entry.id);
		this.#begun.delete(entry.id);
		return true;
	}

	async #reportGaps(sequence: number): Promise<void> {
		// No sequence of ours: what comes after it would be no gap any more.
		if (!Number.isSafeInteger(sequence)) return;

		for (const gap of await this.#gaps.before(sequence)) {
			this.#counts.missing += gap.found - gap.expected;
			this.#settings.onGap?.(gap);
		}
	}

	/** @returns false when it was cut short by the signal. */
	async #pause(milliseconds: number): Promise<boolean> {
		const { signal } = this.#settings;
		await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
		return !signal.aborted;
	}
}
