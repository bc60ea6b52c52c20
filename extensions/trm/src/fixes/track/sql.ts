import { canonicalTimestampSql } from '../../lib/timestamp.js';

const COLUMNS = `
	${canonicalTimestampSql('ts')} AS ts, latitude, longitude, altitude, angle, speed, satellites, priority,
	${canonicalTimestampSql('received_at')} AS received_at, faulty`;

/** Spans that are not the caller's: what was sent in them does not exist for him. */
const VISIBLE = `NOT EXISTS (
		SELECT FROM unnest(CAST(:hiddenFrom AS timestamptz[]), CAST(:hiddenTo AS timestamptz[])) AS hidden ("from", "to")
		WHERE ts >= hidden."from" AND ts < hidden."to"
	)`;

/**
 * A page of a track; the unique index (device_id, ts) gives order and start, whatever the depth of the page. Sorted by the column: a
 * bare ts would be the text that the list of columns calls so, for which the whole window is sorted.
 */
export const SELECT_PAGE = `
	SELECT ${COLUMNS} FROM positions
	WHERE device_id = :deviceId AND ts >= :from AND ts < :to AND ts > coalesce(CAST(:cursor AS timestamptz), '-infinity')
		AND ${VISIBLE}
	ORDER BY positions.ts LIMIT :limit`;

/**
 * What the tracker sent before the page, latest first, so that the page's first fixes can be judged. Bounded in time as
 * well: over ten minutes a vehicle can be anywhere, and a hypertable need open one older chunk at most.
 */
export const SELECT_CONTEXT = `
	SELECT ${COLUMNS} FROM positions
	WHERE device_id = :deviceId AND ts < :first AND ts >= CAST(:first AS timestamptz) - interval '10 minutes'
		AND ${VISIBLE}
	ORDER BY positions.ts DESC LIMIT :limit`;
