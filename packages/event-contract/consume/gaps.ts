import type { Group } from './group.js';

/** Follows the sequences of the entries as they come, and finds those that are missing in the stream. */
export class Gaps {
	readonly #group: Pick<Group, 'sequencesBetween'>;
	/** null until the first entry, where nobody knows what came before it */
	#last: number | null;

	constructor(group: Pick<Group, 'sequencesBetween'>, last: number | null) {
		this.#group = group;
		this.#last = last;
	}

	/**
	 * What another consumer of the group has is no gap: only what is not in the stream either.
	 * @returns the runs of missing sequences before this one: from `expected` to `found - 1`.
	 */
	async before(sequence: number): Promise<{ expected: number; found: number }[]> {
		const last = this.#last;
		if (last !== null && sequence <= last) return [];
		const runs: { expected: number; found: number }[] = [];
		let expected = last === null ? sequence : last + 1;

		if (expected < sequence) {
			for await (const found of this.#group.sequencesBetween(expected, sequence)) {
				if (found > expected) runs.push({ expected, found });
				expected = found + 1;
			}

			// The entry itself may be gone meanwhile.
			if (expected < sequence) runs.push({ expected, found: sequence });
		}

		// Only now: when the stream could not be read, the question is asked again with the entry.
		this.#last = sequence;
		return runs;
	}
}
