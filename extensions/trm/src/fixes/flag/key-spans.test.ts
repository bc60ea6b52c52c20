import { describe, expect, it } from 'vitest';
import { keySpans } from './key-spans.js';

/** @param seconds after midnight of the first day */
const keysAt = (seconds: number[]) =>
	seconds.map((second) => new Date(Date.UTC(2026, 5, 7) + second * 1_000).toISOString().replace('Z', '456Z'));
const every = (count: number, step: number, from = 0) => Array.from({ length: count }, (_, n) => from + n * step);
const HOUR = 3_600;

describe('keySpans', () => {
	it('keeps keys together that follow each other', () => {
		const keys = keysAt(every(10_000, 1));
		expect(keySpans(keys)).toEqual([{ first: keys[0], last: keys[9_999], keys }]);
	});

	it('makes one span of one key, and one a day of keys over ten days', () => {
		const [key] = keysAt([5]);
		expect(keySpans([key as string])).toEqual([{ first: key, last: key, keys: [key] }]);
		expect(keySpans(keysAt(every(10, 24 * HOUR))).map(({ keys }) => keys.length)).toEqual(Array(10).fill(1));
	});

	it('splits at gaps only', () => {
		const keys = keysAt([...every(5, 60), ...every(3, 60, 2 * HOUR), ...every(4, 1, 9 * HOUR)]);
		expect(keySpans(keys).map((span) => span.keys.length)).toEqual([5, 3, 4]);
	});

	it('names every key once and in order, in no more than 500 spans, split at the widest gaps', () => {
		const keys = keysAt(every(2_000, HOUR).map((second, n) => (n < 1_000 ? second : second + 12 * HOUR)));
		const spans = keySpans(keys);
		expect(spans.flatMap((span) => span.keys)).toEqual(keys);
		expect(spans.length).toBeLessThanOrEqual(500);
		expect(spans.some(({ first }) => first === keys[1_000])).toBe(true);
	});

	it('is not stopped by many gaps of one width', () => {
		const spans = keySpans(keysAt(every(10_000, HOUR)));
		expect(spans.flatMap((span) => span.keys)).toHaveLength(10_000);
		expect(spans.length).toBeLessThanOrEqual(500);
	});
});
