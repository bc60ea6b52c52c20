import type { TrmEvent } from '../parse-event.js';

/**
 * Which events are done, so that none is handled twice. Redis delivers at least once: again after a crash between handler
 * and acknowledgement, and everything again, with the same sequences, after Redis had lost its data.
 * A ledger belongs to one stream of one database.
 */
export interface Ledger {
	has(sequence: number, event: TrmEvent): boolean | Promise<boolean>;
	/** After the handler. It does nothing where the handler writes the sequence in its own transaction. */
	add(sequence: number, event: TrmEvent): void | Promise<void>;
	/**
	 * The highest sequence that is done, asked once at the beginning: from there on a missing one is reported. null, as without
	 * it: from the first entry that is read.
	 */
	last?(): number | null | Promise<number | null>;
}

/** So many of the newest sequences are kept with their event's id. */
const REMEMBERED_IDS = 10_000;

/** In memory: ranges of sequences, so that a stream without gaps costs one range. */
export class MemoryLedger implements Ledger {
	/** sorted, apart from each other by at least one sequence */
	readonly #ranges: [from: number, to: number][] = [];
	readonly #ids = new Map<number, string>();

	/** false also for a sequence that another event had: database and Redis were both set back, and it was given anew. */
	has(sequence: number, event?: Pick<TrmEvent, 'id'>): boolean {
		const range = this.#ranges[this.#firstEndingFrom(sequence)];
		if (range === undefined || range[0] > sequence) return false;
		const id = this.#ids.get(sequence);
		return event === undefined || id === undefined || id === event.id;
	}

	add(sequence: number, event?: Pick<TrmEvent, 'id'>): void {
		if (event) this.#remember(sequence, event.id);

		// The first range that touches the sequence or comes after it.
		const at = this.#firstEndingFrom(sequence - 1);
		const range = this.#ranges[at];

		if (range === undefined || range[0] > sequence + 1) {
			this.#ranges.splice(at, 0, [sequence, sequence]);
			return;
		}

		range[0] = Math.min(range[0], sequence);
		range[1] = Math.max(range[1], sequence);
		const next = this.#ranges[at + 1];

		if (next !== undefined && next[0] === range[1] + 1) {
			range[1] = next[1];
			this.#ranges.splice(at + 1, 1);
		}
	}

	last(): number | null {
		return this.#ranges.at(-1)?.[1] ?? null;
	}

	get ranges(): readonly (readonly [from: number, to: number])[] {
		return this.#ranges;
	}

	#firstEndingFrom(sequence: number): number {
		let low = 0;
		let high = this.#ranges.length;

		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#ranges[middle] as [number, number])[1] < sequence) low = middle + 1;
			else high = middle;
		}

		return low;
	}

	#remember(sequence: number, id: string): void {
		// Taken out first: a Map gives its keys in the order in which they came.
		this.#ids.delete(sequence);
		this.#ids.set(sequence, id);
		if (this.#ids.size > REMEMBERED_IDS) this.#ids.delete(this.#ids.keys().next().value as number);
	}
}
