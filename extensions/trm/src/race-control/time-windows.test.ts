import { expect, test } from 'vitest';
import { dayWindow, eventWindow, lostClockWindows, nameOf, namedWindows, readRange } from './time-windows.js';
import type { RallyEvent } from './types.js';

const TIRANE = 'Europe/Tirane';
const NOW = Date.parse('2026-06-08T10:00:00Z');
const HOUR = 3_600_000;

const event: RallyEvent = {
	id: 'e',
	name: 'Rally',
	start_date: '2026-06-06',
	end_date: '2026-06-08',
	timezone: TIRANE,
	status: 'live',
};

test('a day goes from midnight to midnight of the zone, and is longer or shorter when the clocks change', () => {
	expect(dayWindow('2026-06-07', TIRANE)).toEqual({
		from: Date.parse('2026-06-06T22:00:00Z'),
		to: Date.parse('2026-06-07T22:00:00Z'),
	});
	const lengths = ['2026-03-29', '2026-10-25']
		.map((day) => dayWindow(day, TIRANE))
		.map((day) => (day ? day.to - day.from : 0));
	expect(lengths).toEqual([23 * HOUR, 25 * HOUR]);
});

test('an event offers its days, itself, the last hour, and what lies outside of it', () => {
	const offered = namedWindows(event, TIRANE, NOW);
	expect(offered.map(({ name }) => name)).toEqual([
		'2026-06-06',
		'2026-06-07',
		'2026-06-08',
		'whole',
		'last-hour',
		'before',
		'after',
	]);
	const whole = eventWindow(event, TIRANE);
	expect(offered.find(({ name }) => name === 'before')?.window.to).toBe(whole?.from);
	expect(offered.find(({ name }) => name === 'after')?.window.from).toBe(whole?.to);
	expect(nameOf(whole, offered)).toBe('whole');
	expect(nameOf({ from: 1, to: 2 }, offered)).toBeNull();
	// The last hour lies after the event too, and is no lost clock.
	const outside = lostClockWindows(event, TIRANE);
	expect(outside.map(({ window }) => nameOf(window, outside))).toEqual(['before', 'after']);
	expect(nameOf({ from: NOW + 100 * HOUR, to: NOW + 101 * HOUR }, outside)).toBeNull();
});

test('typed times are a window, or say which of them is wrong', () => {
	expect(readRange('2026-06-07 08:00:00', '2026-06-07 09:30', TIRANE)).toEqual({
		from: Date.parse('2026-06-07T06:00:00Z'),
		to: Date.parse('2026-06-07T07:30:00Z'),
	});
	expect(readRange('06/07/2026', '2026-06-08', TIRANE)).toHaveProperty('problem', expect.stringContaining('From'));
	expect(readRange('2026-06-07', '', TIRANE)).toHaveProperty('problem', expect.stringContaining('To'));
	expect(readRange('2026-06-08', '2026-06-08', TIRANE)).toHaveProperty('problem', expect.stringContaining('before'));
});

test('an event without dates or none at all offers the last hour; one with a wrong end offers no thousand days', () => {
	expect(namedWindows(null, 'UTC', NOW).map(({ name }) => name)).toEqual(['last-hour']);
	expect(namedWindows({ ...event, start_date: null }, 'UTC', NOW)).toHaveLength(1);
	expect(namedWindows({ ...event, end_date: '2036-06-08' }, 'UTC', NOW).length).toBeLessThan(50);
	expect(eventWindow({ ...event, end_date: null }, TIRANE)).toEqual(dayWindow('2026-06-06', TIRANE));
});
