/** First and last of sequences that follow each other. */
type Range = [first: number, last: number];

/** Kept for the last line of a run; further ones were printed when they were met. */
const MOST_RANGES = 20;

/** Which sequences of a range are not in the outbox, found while its rows pass by in order. */
export class MissingSequences {
	readonly #ranges: Range[] = [];
	#count = 0;
	#expected: number;

	/** @param from the first sequence that should come */
	constructor(from: number) {
		this.#expected = from;
	}

	get count(): number {
		return this.#count;
	}

	/** A sequence came. @returns those that should have come before it, if any. */
	saw(sequence: number): Range | null {
		return this.#skipTo(sequence, sequence + 1);
	}

	/** No more will come. @param to the last sequence that should have come @returns as saw() does. */
	end(to: number): Range | null {
		return this.#skipTo(to + 1, to + 1);
	}

	#skipTo(found: number, next: number): Range | null {
		const gap: Range | null = found > this.#expected ? [this.#expected, found - 1] : null;
		this.#expected = Math.max(this.#expected, next);
		if (gap === null) return null;

		this.#count += gap[1] - gap[0] + 1;
		if (this.#ranges.length < MOST_RANGES) this.#ranges.push(gap);
		return gap;
	}

	/** `1 to 499, 731`; the first twenty. */
	toString(): string {
		return this.#ranges.map(writeRange).join(', ') + (this.#ranges.length === MOST_RANGES ? ', …' : '');
	}
}

export function writeRange([first, last]: Range): string {
	return first === last ? `${first}` : `${first} to ${last}`;
}
