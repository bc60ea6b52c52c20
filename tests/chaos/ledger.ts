import type { StreamEntry } from './marks.js';

/**
 * What a careful consumer knows. It handles each sequence once: Redis delivers an entry again when an acknowledgement was
 * lost, and the relay sends all again when Redis was emptied. Then it must be the very same event.
 */
export class Ledger {
	/** What was handled, in the order in which it came. */
	readonly handled: StreamEntry[] = [];
	/** A sequence that came again with another event: the first of the two, or the second, is not what the consumer thinks. */
	readonly mistaken: string[] = [];
	/** An entry of the same sequence with an id of its own. */
	readonly duplicated: string[] = [];
	/** how often something came that had been handled */
	redelivered = 0;
	readonly #bySequence = new Map<number, StreamEntry>();

	get lastSequence(): number {
		return this.handled.at(-1)?.sequence ?? 0;
	}

	receive(entry: StreamEntry): void {
		const before = this.#bySequence.get(entry.sequence);

		if (before === undefined) {
			this.#bySequence.set(entry.sequence, entry);
			this.handled.push(entry);
			return;
		}

		this.redelivered += 1;

		if (before.eventId !== entry.eventId) {
			this.mistaken.push(`sequence ${entry.sequence} came as event ${before.eventId} and then as ${entry.eventId}`);
		} else if (before.entryId !== entry.entryId) {
			this.duplicated.push(`sequence ${entry.sequence} came as entries ${before.entryId} and ${entry.entryId}`);
		}
	}

	has(sequence: number): boolean {
		return this.#bySequence.has(sequence);
	}
}
