import { describe, expect, it } from 'vitest';
import { date, timestamp } from './scalars.js';

const accepts = (schema: typeof date | typeof timestamp) => (text: string) => schema.safeParse(text).success;

describe('date', () => {
	// What Postgres answers to to_jsonb(date): its first and last one among them.
	it.each([
		'2026-06-07',
		'0001-01-01',
		'9999-12-31',
		'10000-01-01',
		'5874897-12-31',
		'4713-01-01 BC',
		'infinity',
		'-infinity',
	])('takes %s', (text) => expect(accepts(date)(text)).toBe(true));

	it.each(['', '26-06-07', '2026-6-7', '+012026-01-01', '2026-06-07T00:00:00+00:00', '2026-06-07 AD', '+infinity'])(
		'refuses %j',
		(text) => expect(accepts(date)(text)).toBe(false),
	);
});

describe('timestamp', () => {
	it.each([
		'2026-06-07T08:00:00+00:00',
		'2026-06-07T08:00:00.123456+00:00',
		'10000-01-01T00:00:00+00:00',
		'294276-12-31T23:59:59.999999+00:00',
		'4713-01-01T00:00:00+00:00 BC',
		'0044-03-15T10:00:00.5+00:00 BC',
		'infinity',
		'-infinity',
	])('takes %s', (text) => expect(accepts(timestamp)(text)).toBe(true));

	it.each(['', '2026-06-07', '2026-06-07T08:00:00Z', '2026-06-07T08:00:00+02:00', '2026-06-07 BC', '+infinity'])(
		'refuses %j',
		(text) => expect(accepts(timestamp)(text)).toBe(false),
	);
});
