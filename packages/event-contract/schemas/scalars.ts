import { z } from 'zod';

// As Postgres writes a column with to_jsonb under the time zone UTC. What the database does not enforce (the digits of an
// IMEI, the length of a name in UTF-16) is not promised here either: an event that tells the truth must never be invalid.

export const uuid = z
	.string()
	.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
	.meta({ format: 'uuid' });

// In version 1 as well: every update of a row that holds one is an event too.
const OUT_OF_TIME =
	'What else Postgres can hold: infinity, -infinity, a year of more than four digits, one BC. It occurs only where ' +
	'somebody has written it by SQL, or into date_created through the API; no form does.';

/** timestamptz in a row: microseconds without trailing zeros, `2026-06-07T08:00:00.12+00:00`. */
export const timestamp = z.union(
	[
		z
			.string()
			.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00:00$/)
			.meta({ format: 'date-time' }),
		z
			.string()
			.regex(
				/^(-?infinity|\d{5,6}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00:00|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00:00 BC)$/,
			)
			.describe(OUT_OF_TIME),
	],
	'must be a timestamp as in 2026-06-07T08:00:00.12+00:00',
);

/** The canonical form elsewhere: always six digits and Z, so that texts compare as times do. */
export const instant = z
	.string()
	.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/)
	.meta({ format: 'date-time' });

/** date in a row. */
export const date = z.union(
	[
		z
			.string()
			.regex(/^\d{4}-\d{2}-\d{2}$/)
			.meta({ format: 'date' }),
		z
			.string()
			.regex(/^(-?infinity|\d{5,7}-\d{2}-\d{2}|\d{4}-\d{2}-\d{2} BC)$/)
			.describe(OUT_OF_TIME),
	],
	'must be a date as in 2026-06-07',
);

export const text = z.string();
export const integer = z.int32();
export const count = z.int32().min(0);
export const sequence = z.int().min(1);

/**
 * An open enumeration: these values are known, others may come without a new version (nothing but Directus's forms
 * keeps them out of the table). A consumer needs a branch for the rest.
 */
export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
	// `string & {}` keeps the known values in the type, where `string` would swallow them.
	return z.union([z.enum(values), z.string()]) as unknown as z.ZodType<Values[number] | (string & {})>;
}
