import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { SHARED_ROWS } from './plan-writes.js';

/** Rows that all rounds write to or refer to. */
export interface Fixtures {
	organization: string;
	event: string;
	class: string;
	/** vehicles that everybody changes; `year` counts how often SQL did */
	shared: string[];
	devices: { id: string; imei: string }[];
}

const TAG = 'fixture';

export async function makeFixtures(db: pg.Pool): Promise<Fixtures> {
	const fixtures: Fixtures = {
		organization: randomUUID(),
		event: randomUUID(),
		class: randomUUID(),
		shared: Array.from({ length: SHARED_ROWS }, () => randomUUID()),
		devices: Array.from({ length: 3 }, (_, index) => ({ id: randomUUID(), imei: String(350_000_000_000_001 + index) })),
	};

	const { organization, event, class: category, shared, devices } = fixtures;

	await db.query('INSERT INTO organizations (id, name, slug) VALUES ($1, $2, $2)', [organization, TAG]);
	await db.query(
		`INSERT INTO events (id, organization, name, slug, start_date, end_date, timezone) VALUES ($1, $2, $3, $3, '2026-06-06', '2026-06-13', 'UTC')`,
		[event, organization, TAG],
	);
	await db.query(`INSERT INTO classes (id, event, code, name, kind) VALUES ($1, $2, $3, $3, 'moto')`, [
		category,
		event,
		TAG,
	]);
	await db.query(
		`INSERT INTO vehicles (id, organization, make, model, kind, year)
		SELECT id, $3, 'KTM', $2, 'moto', 0 FROM unnest($1::uuid[]) AS id`,
		[shared, TAG, organization],
	);
	await db.query(
		`INSERT INTO devices (id, organization, imei, model)
		SELECT id, $4, imei, $3 FROM unnest($1::uuid[], $2::text[]) AS _(id, imei)`,
		[devices.map(({ id }) => id), devices.map(({ imei }) => imei), TAG, organization],
	);

	return fixtures;
}
