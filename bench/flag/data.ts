import type pg from 'pg';

/** A race director, who may flag fixes and change vehicles. */
export const DIRECTOR_TOKEN = 'race-director-of-the-flags';

/** One for each connection, and one whose fixes a range and a page are about. */
export const IMEIS = Array.from({ length: 9 }, (_, at) => `35209408000${String(at).padStart(4, '0')}`);
export const vehicleOf = (connection: number) => `00000000-0000-4000-8000-${String(connection).padStart(12, '0')}`;

const START = Date.parse('2026-06-07T08:00:00Z');
const SECOND = 1_000;

/** The timestamp of the fix that a tracker sent this many seconds after the start. */
export const fixAt = (seconds: number) => new Date(START + seconds * SECOND).toISOString();

/** Seconds for which each tracker sent a fix per second. */
export const FIXES = 40_000;

const ORGANIZATION = '00000000-0000-4000-8000-00000000a000';

const ROWS = `
	INSERT INTO organizations (id, name, slug, status) VALUES ('${ORGANIZATION}', 'Club', 'club', 'active');
	INSERT INTO directus_users (id, first_name, email, status, role, token)
		SELECT '${ORGANIZATION}', 'Director', 'director@example.com', 'active', id, '${DIRECTOR_TOKEN}'
		FROM directus_roles WHERE name = 'Race director';
	INSERT INTO organization_users (id, organization, "user", role)
		VALUES ('${ORGANIZATION}', '${ORGANIZATION}', '${ORGANIZATION}', 'race_director');
	INSERT INTO events (id, organization, name, slug, status, start_date, end_date, timezone)
		VALUES ('${ORGANIZATION}', '${ORGANIZATION}', 'Rally', 'rally', 'live', '2026-06-01', '2026-06-10', 'UTC');
	INSERT INTO classes (id, event, kind, code, name) VALUES ('${ORGANIZATION}', '${ORGANIZATION}', 'moto', 'M', 'Moto');
	INSERT INTO vehicles (id, organization, kind, make)
		SELECT ('00000000-0000-4000-8000-' || lpad(v::text, 12, '0'))::uuid, '${ORGANIZATION}', 'moto', 'KTM' FROM generate_series(0, 999) v;
	INSERT INTO devices (id, organization, imei, status)
		SELECT ('00000000-0000-4000-8000-' || right(imei, 12))::uuid, '${ORGANIZATION}', imei, 'active' FROM unnest($1::text[]) imei;
	INSERT INTO entries (id, event, status, race_number, class)
		SELECT id, '${ORGANIZATION}', 'started', row_number() OVER (), '${ORGANIZATION}' FROM devices;
	INSERT INTO entry_devices (id, entry, device, role, assigned_from) SELECT id, id, id, 'primary', '2026-06-01' FROM devices;
	INSERT INTO positions (device_id, ts, latitude, longitude, speed)
		SELECT imei, '2026-06-07T08:00:00Z'::timestamptz + s * interval '1 second', 41 + s / 1e5, 19, 40
		FROM unnest($1::text[]) imei, generate_series(0, ${FIXES - 1}) s`;

/** Nine trackers with 40,000 fixes each, on an entry each, and 1,000 vehicles. */
export async function fillFixes(db: pg.Pool): Promise<void> {
	for (const statement of ROWS.split(';')) {
		await db.query(statement, statement.includes('$1') ? [IMEIS] : []);
	}
	await db.query('VACUUM ANALYZE');
}
