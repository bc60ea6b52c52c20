/** Microseconds since 1970, exact in a double until the year 2255. A Date would lose the last three digits. */
export type Microseconds = number;

export const SECOND: Microseconds = 1_000_000;

/** ISO 8601 in UTC with six digits, as Postgres keeps it: 2026-06-07T06:00:00.123456Z. */
export function isoOf(time: Microseconds): string {
	const milliseconds = Math.floor(time / 1000);
	const rest = String(time - milliseconds * 1000).padStart(3, '0');
	return `${new Date(milliseconds).toISOString().slice(0, -1)}${rest}Z`;
}
