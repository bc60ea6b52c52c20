import { expect, it } from 'vitest';
import { isoOf } from './timestamp.js';

it('keeps the microseconds that a Date would lose', () => {
	const second = Date.UTC(2026, 5, 7, 6) * 1000;
	expect(isoOf(second)).toBe('2026-06-07T06:00:00.000000Z');
	expect(isoOf(second + 123_456)).toBe('2026-06-07T06:00:00.123456Z');
	expect(isoOf(second - 1)).toBe('2026-06-07T05:59:59.999999Z');
});

it('counts right before 1970 too, where a rollover can lead', () => {
	expect(isoOf(-1)).toBe('1969-12-31T23:59:59.999999Z');
});
