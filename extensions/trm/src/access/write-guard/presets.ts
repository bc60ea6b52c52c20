import type { Accountability } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden, invalidPayload } from '../../lib/errors.js';
import type { Row } from './payload.js';

/**
 * A bookmark or layout as it is made: the caller's own. Without `user` it would be that of a role or of everybody, administrators
 * too, and Directus holds only a user that is given against the caller.
 * @throws 403 for one of somebody else, of a role or of everybody; administrators may make these.
 */
export function presetToMake(caller: Accountability | null, payload: Row): Row {
	if (caller === null || caller.admin === true) return payload;
	if (caller.user === null) throw forbidden();

	const own = { ...payload, user: 'user' in payload ? payload['user'] : caller.user };
	checkPresetChange(caller, own);
	return own;
}

/** @throws 403 where the bookmark would become somebody else's, or one of a role. */
export function checkPresetChange(caller: Accountability | null, payload: Row): void {
	if (caller === null || caller.admin === true) return;
	if ('user' in payload && payload['user'] !== caller.user) throw forbidden();
	if ((payload['role'] ?? null) !== null) throw forbidden();
}

/** The app makes one for each collection that somebody looks at. */
const MOST_PRESETS = 200;

/** @throws 400 where the caller has so many bookmarks and layouts that a further one would only fill the database. */
export async function checkPresetQuota(caller: Accountability | null, database: Knex): Promise<void> {
	if (caller === null || caller.admin === true || caller.user === null) return;
	const [counted] = await database('directus_presets').where({ user: caller.user }).count({ count: '*' });
	if (Number(counted?.['count']) < MOST_PRESETS) return;
	throw invalidPayload([{ path: '', message: `you have ${MOST_PRESETS} bookmarks and layouts: delete some first` }]);
}
