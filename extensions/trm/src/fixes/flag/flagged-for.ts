import type { Accountability } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden } from '../../lib/errors.js';
import type { TimeRange } from '../time-range.js';
import { SELECT_FLAGGED_FOR } from './sql.js';

/**
 * For which organisation a caller flags: of those in which he may, the one whose entry carried the tracker in the window, else the one that
 * owns the tracker, else one that it is lent to. It is who reads the flag afterwards.
 * @param windows by the id of a device that the caller may read
 * @returns organisations by device.
 * @throws 403 when he may flag in none of them.
 */
export async function flaggedFor(
	database: Knex,
	{ admin, user }: Accountability,
	windows: Map<string, TimeRange>,
): Promise<Map<string, string>> {
	const { rows } = await database.raw<{ rows: { device: string; organization: string | null }[] }>(SELECT_FLAGGED_FOR, {
		devices: [...windows.keys()],
		from: [...windows.values()].map(({ from }) => from),
		to: [...windows.values()].map(({ to }) => to),
		user,
		admin: admin === true,
	});

	return new Map(
		rows.map(({ device, organization }) => {
			if (organization === null) throw forbidden();
			return [device, organization];
		}),
	);
}
