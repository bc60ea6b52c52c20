import { setTimeout as sleep } from 'node:timers/promises';
import { EventError } from '../event-error.js';
import { parseEvent, type TrmEvent } from '../parse-event.js';
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
	/** ids of entries that were delivered here for the first time and whose handler was not called yet */
	#untried = new Set<string>();
	/** what the handler threw last, and for which entry */
	#failure: { id: string; error: unknown } | null = null;

	constructor(group: Group, settings: Settings, counts: ConsumeCounts, gaps: Gaps) {
		this.#group = group;
		this.#settings = settings;
		this.#counts = counts;
		this.#gaps = gaps;
	}

	/** New entries came; of those before nothing is left. */
	receive(ids: string[]): void {
		this.#untried = new Set(ids);
	}

	/** Whether its delivery was no attempt yet: Redis went away before its turn, or what failed was no fault of its own. */
	isUntried(id: string): boolean {
		return this.#untried.has(id);
	}

	/**
	 * @param deliveries which delivery this is
	 * @returns false when it was stopped before the end: the entry stays pending.
	 */
	async settle(entry: Entry, deliveries: number): Promise<boolean> {
		await this.#reportGaps(sequenceOf(entry.id));

		if (entry.fields === null) {
			this.reportTrimmed([entry.id]);
			return this.#acknowledge(entry);
		}

		const present = entry as Present;
		const event = this.#parse(present);
		if (event instanceof EventError) return this.#refuse(present, event, deliveries);

		const known = await this.#askLedger(() => this.#settings.ledger.has(event.sequence, event));
		if (known === STOPPED) return false;

		if (known) {
			this.#counts.duplicates += 1;
			return this.#acknowledge(entry);
		}

		return this.#handle(present, event, deliveries);
	}

	reportTrimmed(ids: string[]): void {
		if (ids.length === 0) return;
		this.#counts.trimmed += ids.length;
		this.#settings.onTrimmed?.(ids);
	}

	async #handle(entry: Present, event: TrmEvent, deliveries: number): Promise<boolean> {
		const { handler, maxDeliveries, retryDelay, isOutage, signal } = this.#settings;

		if (deliveries > maxDeliveries) {
			const error = new Error('its consumers ended each time before its handler did');
			return this.#bury(entry, this.#failure?.id === entry.id ? this.#failure.error : error, deliveries - 1);
		}

		for (let attempt = deliveries; ; ) {
			try {
				this.#untried.delete(entry.id);
				await handler(event, { entryId: entry.id, deliveries: attempt, signal });
				break;
			} catch (error) {
				// A handler that gives up because it was told to stop has not failed.
				if (signal.aborted) return false;
				const outage = isOutage(error);
				this.#failure = { id: entry.id, error };
				if (outage) this.#untried.add(entry.id);
				if (!outage && attempt >= maxDeliveries) return this.#bury(entry, error, attempt);
				if (!(await this.#pause(retryDelay(attempt)))) return false;
				if (!outage) attempt += 1;
				this.#counts.retries += 1;
				// Redis counts along, so that the attempts of one process and of the next add up.
				if (!(await this.#group.keep([entry.id], attempt)).has(entry.id)) return true;
			}
		}

		this.#counts.handled += 1;
		const added = await this.#askLedger(() => this.#settings.ledger.add(event.sequence, event));
		return added === STOPPED ? false : this.#acknowledge(entry);
	}

	#parse(entry: Present): TrmEvent | EventError {
		try {
			return parseEvent(entry.fields);
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
		await this.#group.acknowledge(entry.id);
		this.#counts.deadLetters += 1;
		onDeadLetter?.({ entryId: entry.id, fields: entry.fields, error, deliveries });
		return true;
	}

	async #acknowledge(entry: Entry): Promise<true> {
		await this.#group.acknowledge(entry.id);
		return true;
	}

	/** A ledger that cannot be reached is never the event's fault: asked until it answers. */
	async #askLedger<Answer>(ask: () => Answer | Promise<Answer>): Promise<Answer | typeof STOPPED> {
		const { onProblem, retryDelay } = this.#settings;

		for (let failures = 0; ; ) {
			try {
				const answer = await ask();
				if (failures > 0) onProblem(null);
				return answer;
			} catch (error) {
				failures += 1;
				if (failures === 1) onProblem(new Error(`the ledger: ${(error as Error).message}`, { cause: error }));
				if (!(await this.#pause(retryDelay(failures)))) return STOPPED;
			}
		}
	}

	async #reportGaps(sequence: number): Promise<void> {
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

const STOPPED = Symbol('stopped');
