import { z } from 'zod';

/**
 * Timestamps travel as text: a JavaScript Date has milliseconds and timestamptz microseconds, and a rounded key
 * matches no fix. The canonical form is UTC with six digits, `2026-06-07T08:00:00.123456Z`: as text it sorts by time.
 */
const ISO_8601 =
	/^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/i;

/** Trackers that lost their clock report the GPS or Unix epoch; nothing before or after this is a time of a fix. */
const EARLIEST_YEAR = 1970;
const LATEST_YEAR = 2100;

const MILLISECONDS_PER_MINUTE = 60_000;

/**
 * @param text ISO 8601 date and time with an offset, as RFC 3339, Postgres and psycopg write it: `T` or a blank between, `Z`, `+00`, `+0000` or `+00:00`
 * behind; at most six digits of a second, years 1970 to 2100.
 * @returns the canonical form, or null when the text is anything else (30 February included).
 */
export function toCanonicalTimestamp(text: string): string | null {
	const match = ISO_8601.exec(text);
	if (match === null) return null;

	const [, year, month, day, hour, minute, second] = match.map(Number) as [number, ...number[]];
	const [fraction, sign, offsetHours, offsetMinutes] = match.slice(7);
	const local = Date.UTC(year ?? NaN, (month ?? NaN) - 1, day, hour, minute, second);

	// Date.UTC carries 30 February into March and 24:00 into the next day: what comes out must be what went in.
	const isCalendarTime =
		!Number.isNaN(local) && new Date(local).toISOString().startsWith(`${text.slice(0, 10)}T${text.slice(11, 19)}`);
	if (!isCalendarTime || Number(offsetHours ?? 0) > 14 || Number(offsetMinutes ?? 0) > 59) return null;

	const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === '-' ? -1 : 1);
	const instant = new Date(local - offset * MILLISECONDS_PER_MINUTE);
	if (instant.getUTCFullYear() < EARLIEST_YEAR || instant.getUTCFullYear() > LATEST_YEAR) return null;

	return `${instant.toISOString().slice(0, 19)}.${(fraction ?? '').padEnd(6, '0')}Z`;
}

/** zod: a timestamp as text in, its canonical form out. */
export const timestamp = z.string().transform((text, context) => {
	const canonical = toCanonicalTimestamp(text);
	if (canonical !== null) return canonical;

	context.addIssue({
		code: 'custom',
		message:
			'must be an ISO 8601 date and time with an offset and at most six digits of a second, ' +
			'such as 2026-06-07T08:00:00.123456Z, from 1970 to 2100',
	});

	return z.NEVER;
});

/** SQL that writes a timestamptz column in the canonical form. */
export function canonicalTimestampSql(column: string): string {
	return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
