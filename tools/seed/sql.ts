/** One load at a time for a database: waits for another to end. */
export const LOCK = `SELECT pg_advisory_xact_lock(hashtext('trm.seed'))`;

const COLUMNS =
	'device_id, ts, latitude, longitude, altitude, angle, speed, satellites, priority, attributes, received_at';

/** COPY knows no ON CONFLICT, so the fixes pass through a table of the session's own. */
export const CREATE_BUFFER = `CREATE TEMPORARY TABLE seed_fixes ON COMMIT DROP AS
	SELECT ${COLUMNS} FROM public.positions WITH NO DATA`;

export const COPY_FIXES = `COPY seed_fixes (${COLUMNS}) FROM STDIN`;

/** What is there already stays as it is, with the operator's faulty marks. */
export const INSERT_FIXES = `INSERT INTO public.positions (${COLUMNS})
	SELECT ${COLUMNS} FROM seed_fixes ORDER BY device_id, ts
	ON CONFLICT (device_id, ts) DO NOTHING`;

export const EMPTY_BUFFER = 'TRUNCATE seed_fixes';

/** So that the first query after a load is planned with what is there now. */
export const ANALYZE = 'ANALYZE public.positions';
