import { describe, expect, it } from 'vitest';
import { MemoryLedger } from './ledger.js';

const filled = (...sequences: number[]) => {
	const ledger = new MemoryLedger();
	for (const sequence of sequences) ledger.add(sequence);
	return ledger;
};

describe('MemoryLedger', () => {
	it('keeps a stream without gaps in one range', () => {
		const ledger = filled(...Array.from({ length: 10_000 }, (_, n) => n + 1));
		expect(ledger.ranges).toEqual([[1, 10_000]]);
		expect(ledger.last()).toBe(10_000);
	});

	it.each<[sequences: number[], ranges: [number, number][]]>([
		[[5], [[5, 5]]],
		[[5, 5, 5], [[5, 5]]],
		[
			[1, 3],
			[
				[1, 1],
				[3, 3],
			],
		],
		[[1, 3, 2], [[1, 3]]],
		[[3, 1, 2], [[1, 3]]],
		[
			[9, 1, 5, 6, 4],
			[
				[1, 1],
				[4, 6],
				[9, 9],
			],
		],
		[[1, 2, 3, 2], [[1, 3]]],
		[
			[10, 8, 9, 2, 1],
			[
				[1, 2],
				[8, 10],
			],
		],
	])('merges %j into %j', (sequences, ranges) => {
		expect(filled(...sequences).ranges).toEqual(ranges);
	});

	it('agrees with a set, whatever the order', () => {
		const ledger = new MemoryLedger();
		const set = new Set<number>();

		// A generator of full period 1,024: every order of additions is hit, and the run can be repeated.
		for (let n = 0, at = 7; n < 700; n += 1, at = (at * 5 + 3) % 1_024) {
			ledger.add(at);
			set.add(at);
		}

		for (let at = 0; at < 1_100; at += 1) expect(ledger.has(at)).toBe(set.has(at));
		expect(ledger.last()).toBe(Math.max(...set));
	});

	it('knows nothing at the beginning', () => {
		expect(filled().has(1)).toBe(false);
		expect(filled().last()).toBeNull();
	});

	it('does not take another event for the one that had the sequence', () => {
		const ledger = new MemoryLedger();
		ledger.add(7, { id: 'a' });

		expect(ledger.has(7, { id: 'a' })).toBe(true);
		expect(ledger.has(7, { id: 'b' })).toBe(false);

		ledger.add(7, { id: 'b' });
		expect(ledger.has(7, { id: 'b' })).toBe(true);
		expect(ledger.ranges).toEqual([[7, 7]]);
	});
});
