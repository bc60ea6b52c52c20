/** Times as the people at the event read them: in the event's time zone, whatever the zone of the browser. */

const partsFormats = new Map<string, Intl.DateTimeFormat>();

/** The zone itself, or UTC for a name that this browser does not know. */
export function usableZone(zone: string | null | undefined): string {
	if (!zone) return 'UTC';

	try {
		new Intl.DateTimeFormat('en-GB', { timeZone: zone });
		return zone;
	} catch {
		return 'UTC';
	}
}

function partsFormat(zone: string): Intl.DateTimeFormat {
	let format = partsFormats.get(zone);

	if (format === undefined) {
		format = new Intl.DateTimeFormat('en-GB', {
			timeZone: zone,
			calendar: 'iso8601',
			hourCycle: 'h23',
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
			hour: '2-digit',
			minute: '2-digit',
			second: '2-digit',
		});
		partsFormats.set(zone, format);
	}

	return format;
}

/** How times are typed: the same for everybody, whatever the language of the browser makes of days and months. */
export const LOCAL_FORMAT = 'YYYY-MM-DD HH:MM:SS';

/** Epoch milliseconds as `2026-06-07T08:00:00` in the zone. */
export function toLocal(time: number, zone: string): string {
	const parts = Object.fromEntries(
		partsFormat(zone)
			.formatToParts(time)
			.map(({ type, value }) => [type, value]),
	);
	const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts;
	return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/**
 * @param typed `2026-06-07`, `2026-06-07 08:00` or `2026-06-07 08:00:00`, also with `T` between, in the zone
 * @returns epoch milliseconds, or null for anything else. A time that a clock change skips is read with the offset before it.
 */
export function fromLocal(typed: string, zone: string): number | null {
	const local = typed.trim().replace(/\s+/, 'T');
	if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?$/.test(local)) return null;
	const asUtc = Date.parse(local.length === 10 ? `${local}T00:00:00Z` : `${local}Z`);
	if (Number.isNaN(asUtc)) return null;
	// 30 February would be taken for 2 March.
	if (new Date(asUtc).toISOString().slice(0, 10) !== local.slice(0, 10)) return null;

	// The offset depends on the instant, which depends on the offset: the second look settles it around a clock change.
	const first = asUtc - offsetAt(asUtc, zone);
	return asUtc - offsetAt(first, zone);
}

/** Milliseconds that the zone's clock is ahead of UTC. */
function offsetAt(time: number, zone: string): number {
	const whole = Math.floor(time / 1000) * 1000;
	return Date.parse(`${toLocal(whole, zone)}Z`) - whole;
}

/** A canonical timestamp as `08:00:00.123` in the zone. */
export function clockTime(ts: string, zone: string): string {
	return `${toLocal(Date.parse(ts), zone).slice(11)}.${ts.slice(20, 23)}`;
}

/** The calendar day of a canonical timestamp in the zone: `2026-06-07`. */
export function dayOf(ts: string, zone: string): string {
	return toLocal(Date.parse(ts), zone).slice(0, 10);
}

/** A canonical timestamp or epoch milliseconds as `7 Jun 2026, 08:00:00` in the zone. */
export function dateAndTime(time: string | number, zone: string): string {
	const at = typeof time === 'number' ? time : Date.parse(time);
	return `${dayName(toLocal(at, zone).slice(0, 10), { year: 'numeric' })}, ${toLocal(at, zone).slice(11)}`;
}

/** `2026-06-07` as `7 Jun`, with more parts on request. */
export function dayName(day: string, options: Intl.DateTimeFormatOptions = {}): string {
	const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', ...options });
	return format.format(Date.parse(`${day}T00:00:00Z`));
}

/** `Europe/Tirane (GMT+2)`: the zone with its offset at that time. */
export function zoneLabel(zone: string, at: number): string {
	const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' });
	const offset = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
	return zone === 'UTC' || offset === '' ? zone : `${zone} (${offset})`;
}

export function addDays(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The last of some fixes as the open end of a range: a microsecond later, in canonical form. */
export function microsecondAfter(ts: string): string {
	const next = Number(ts.slice(20, 26)) + 1;
	if (next < 1_000_000) return `${ts.slice(0, 20)}${String(next).padStart(6, '0')}Z`;
	return `${new Date(Date.parse(`${ts.slice(0, 19)}Z`) + 1000).toISOString().slice(0, 19)}.000000Z`;
}
