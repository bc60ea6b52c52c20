import { describe, expect, test } from 'vitest';
import {
	addDays,
	clockTime,
	dateAndTime,
	fromLocal,
	microsecondAfter,
	toLocal,
	usableZone,
	zoneLabel,
} from './event-time.js';

const TIRANE = 'Europe/Tirane';

describe('local times of a zone', () => {
	test('are those of the zone, in summer and in winter', () => {
		expect(toLocal(Date.parse('2026-06-07T06:00:00Z'), TIRANE)).toBe('2026-06-07T08:00:00');
		expect(toLocal(Date.parse('2026-01-07T06:00:00Z'), TIRANE)).toBe('2026-01-07T07:00:00');
		expect(toLocal(Date.parse('2026-06-06T22:00:00Z'), TIRANE)).toBe('2026-06-07T00:00:00');
	});

	test.each(['2026-06-07T08:00:00', '2026-01-07T08:00:00', '2026-03-29T01:59:59', '2026-03-29T03:00:00'])(
		'%s comes back as it went in',
		(local) => expect(toLocal(fromLocal(local, TIRANE) ?? NaN, TIRANE)).toBe(local),
	);

	test('that occur twice or never when the clocks change still give an instant within the hour', () => {
		expect(toLocal(fromLocal('2026-10-25T02:30:00', TIRANE) ?? NaN, TIRANE)).toBe('2026-10-25T02:30:00');
		expect(toLocal(fromLocal('2026-03-29T02:30:00', TIRANE) ?? NaN, TIRANE)).toMatch(/^2026-03-29T0[13]:30:00$/);
	});

	test('may be a day, or have no seconds; anything else is null', () => {
		expect(fromLocal('2026-06-07', TIRANE)).toBe(Date.parse('2026-06-06T22:00:00Z'));
		expect(fromLocal('2026-06-07T08:00', TIRANE)).toBe(Date.parse('2026-06-07T06:00:00Z'));
		expect(fromLocal(' 2026-06-07  08:00:00 ', TIRANE)).toBe(Date.parse('2026-06-07T06:00:00Z'));
		for (const text of ['', 'today', '2026-13-01', '2026-02-30', '2026-06-07T25:00', '07/06/2026'])
			expect(fromLocal(text, TIRANE)).toBeNull();
	});
});

test('a zone that does not exist is UTC', () => {
	expect([usableZone(TIRANE), usableZone('Mars/Olympus'), usableZone(null)]).toEqual([TIRANE, 'UTC', 'UTC']);
});

test('labels name the zone, the day and the milliseconds', () => {
	expect(zoneLabel(TIRANE, Date.parse('2026-06-07T06:00:00Z'))).toBe('Europe/Tirane (GMT+2)');
	expect(clockTime('2026-06-07T06:00:00.123456Z', TIRANE)).toBe('08:00:00.123');
	expect(dateAndTime('2026-06-07T06:00:00.123456Z', TIRANE)).toBe('7 Jun 2026, 08:00:00');
});

test('a microsecond later carries into seconds and days', () => {
	expect(microsecondAfter('2026-06-07T08:00:00.123456Z')).toBe('2026-06-07T08:00:00.123457Z');
	expect(microsecondAfter('2026-06-07T08:00:00.000009Z')).toBe('2026-06-07T08:00:00.000010Z');
	expect(microsecondAfter('2026-12-31T23:59:59.999999Z')).toBe('2027-01-01T00:00:00.000000Z');
});

test('days are counted over the ends of months', () => {
	expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
});
