import type { Accountability } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden } from '../../lib/errors.js';
import type { TimeRange } from '../time-range.js';
import { SELECT_FLAGGED_FOR } from './sql.js';

/**
 * For which organisation a caller flags: of those in which he may, the one whose entry carried the tracker in the window, else the one that
 * owns the tracker, else one that it is lent to. It is who reads the flag afterwards.
 * @param device id of a device that the caller may read
 * @throws 403 when he may flag in none of them.
 */
export async function flaggedFor(
	database: Knex,
	{ admin, user }: Accountability,
	device: string,
	{ from, to }: TimeRange,
): Promise<string> {
	const { rows } = await database.raw<{ rows: { organization: string | null }[] }>(SELECT_FLAGGED_FOR, {
		device,
		from,
		to,
		user,
		admin: admin === true,
	});

	const organization = rows[0]?.organization ?? null;
	if (organization === null) throw forbidden();
	return organization;
}
