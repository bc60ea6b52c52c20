import { z } from 'zod';
import { deviceId } from '../device-id.js';
import { DEFAULT_PAGE, MOST_FIXES } from '../limits.js';
import { invalidPayload } from '../../lib/errors.js';
import { timestamp } from '../../lib/timestamp.js';
import { problemsOf } from '../../lib/zod-problems.js';

/** Fixes of one device in the half-open [from, to), canonical timestamps. */
export interface TrackQuery {
	deviceId: string;
	from: string;
	to: string;
	limit: number;
	/** The ts of the last fix of the page before; what is read comes after it. */
	cursor: string | null;
}

const query = z
	.strictObject({
		device_id: deviceId,
		from: timestamp,
		to: timestamp,
		limit: z
			.string()
			.regex(/^[1-9]\d{0,4}$/, `must be a whole number from 1 to ${MOST_FIXES}`)
			.transform(Number)
			.refine((limit) => limit <= MOST_FIXES, `must be a whole number from 1 to ${MOST_FIXES}`)
			.default(DEFAULT_PAGE),
		cursor: timestamp.optional(),
		// One of Directus's ways to send a token: it has been read by now, and the parameter is still there.
		access_token: z.unknown(),
	})
	.refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than "from"' })
	.refine(({ from, to, cursor }) => cursor === undefined || (cursor >= from && cursor < to), {
		path: ['cursor'],
		message: 'must be the next_cursor of an answer to the same "from" and "to"',
	});

/**
 * Reads the query string of `GET /positions/track`.
 * @throws an array of 400 INVALID_PAYLOAD errors, one for each problem.
 */
export function parseTrackQuery(input: Record<string, unknown>): TrackQuery {
	const parsed = query.safeParse(input);
	if (!parsed.success) throw invalidPayload(problemsOf(parsed.error));

	const { device_id, from, to, limit, cursor } = parsed.data;
	return { deviceId: device_id, from, to, limit, cursor: cursor ?? null };
}
