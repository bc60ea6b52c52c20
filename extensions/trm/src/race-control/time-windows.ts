import { addDays, dayName, fromLocal, LOCAL_FORMAT } from './event-time.js';
import { messages } from './messages.js';
import type { RallyEvent, TimeWindow } from './types.js';

export interface NamedWindow {
	name: string;
	text: string;
	window: TimeWindow;
}

/** Bounds of the endpoint: fixes with a lost clock lie years away from the event, but within these. */
const EARLIEST = Date.parse('1970-01-01T00:00:00Z');
const LATEST = Date.parse('2100-12-31T00:00:00Z');
/** A wrong end date must not make a menu of thousands of days. */
const MOST_DAYS = 40;

/** The calendar day from midnight to midnight in the zone; 23 or 25 hours where the clocks change. */
export function dayWindow(day: string, zone: string): TimeWindow | null {
	const from = fromLocal(day, zone);
	const to = fromLocal(addDays(day, 1), zone);
	return from === null || to === null ? null : { from, to };
}

/** The event from the first midnight to the last one; null for an event without dates. */
export function eventWindow(event: RallyEvent | null, zone: string): TimeWindow | null {
	if (!event?.start_date) return null;
	const first = dayWindow(event.start_date, zone);
	const last = dayWindow(event.end_date ?? event.start_date, zone);
	return first === null || last === null ? null : { from: first.from, to: Math.max(first.to, last.to) };
}

/** Before and after the event, where only fixes with a lost clock are. */
export function lostClockWindows(event: RallyEvent | null, zone: string): NamedWindow[] {
	const whole = eventWindow(event, zone);
	if (whole === null) return [];

	return [
		{ name: 'before', text: messages.beforeEvent, window: { from: EARLIEST, to: whole.from } },
		{ name: 'after', text: messages.afterEvent, window: { from: whole.to, to: LATEST } },
	];
}

/** What the operator can choose without typing a time. */
export function namedWindows(event: RallyEvent | null, zone: string, now: number): NamedWindow[] {
	const lastHour = { name: 'last-hour', text: messages.lastHour, window: { from: now - 3_600_000, to: now + 60_000 } };
	const whole = eventWindow(event, zone);
	if (!event?.start_date || whole === null) return [lastHour];

	return [
		...eventDays(event.start_date, event.end_date ?? event.start_date, zone),
		{ name: 'whole', text: messages.wholeEvent, window: whole },
		lastHour,
		...lostClockWindows(event, zone),
	];
}

function eventDays(start: string, end: string, zone: string): NamedWindow[] {
	const days: NamedWindow[] = [];

	for (let day = start; day <= end && days.length < MOST_DAYS; day = addDays(day, 1)) {
		const window = dayWindow(day, zone);
		if (window) days.push({ name: day, text: dayName(day, { weekday: 'short' }), window });
	}

	return days;
}

/** Two typed times as a window, or what is wrong with them in words. */
export function readRange(from: string, to: string, zone: string): TimeWindow | { problem: string } {
	const [start, end] = [fromLocal(from, zone), fromLocal(to, zone)];
	if (start === null) return { problem: messages.badTime(messages.from, from, LOCAL_FORMAT) };
	if (end === null) return { problem: messages.badTime(messages.to, to, LOCAL_FORMAT) };
	return start < end ? { from: start, to: end } : { problem: messages.badWindow };
}

/** The name of a window that is one of those offered; null for one that was typed. */
export function nameOf(window: TimeWindow | null, offered: NamedWindow[]): string | null {
	return offered.find(({ window: { from, to } }) => from === window?.from && to === window.to)?.name ?? null;
}
