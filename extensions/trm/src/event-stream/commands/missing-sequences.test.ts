import { describe, expect, it } from 'vitest';
import { MissingSequences } from './missing-sequences.js';

function missingOf(from: number, to: number, sequences: number[]): MissingSequences {
	const missing = new MissingSequences(from);
	for (const sequence of sequences) missing.saw(sequence);
	missing.end(to);
	return missing;
}

describe('MissingSequences', () => {
	it.each<[number, number, number[], number, string]>([
		[1, 3, [1, 2, 3], 0, ''],
		[1, 5, [3, 4, 5], 2, '1 to 2'],
		[1, 5, [1, 2, 4, 5], 1, '3'],
		[1, 5, [1, 2], 3, '3 to 5'],
		[1, 9, [2, 5, 6, 8], 5, '1, 3 to 4, 7, 9'],
		[4, 6, [], 3, '4 to 6'],
	])('from %i to %i with %j: %i, %s', (from, to, sequences, count, text) => {
		const missing = missingOf(from, to, sequences);
		expect([missing.count, missing.toString()]).toEqual([count, text]);
	});

	it('counts all and keeps the first twenty', () => {
		const every = Array.from({ length: 100 }, (_, index) => 2 * (index + 1));
		const missing = missingOf(1, 200, every);
		expect(missing.count).toBe(100);
		expect(missing.toString()).toMatch(/^1, 3, .*, 39, …$/);
	});
});
