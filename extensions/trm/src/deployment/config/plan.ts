import type { HookExtensionContext } from '@directus/types';
import { countKinds, tellPlan, type Print } from '../../lib/log.js';
import { planNow } from '../../access/policies/apply.js';
import { lineOf } from '../../access/policies/changes.js';
import type { Snapshots } from '../paths.js';
import { readConfig } from './read-config.js';

/**
 * What applyConfig would do, without writing.
 * @param schemaPending leaves the names unchecked: the collections that the files name may be those still to be made.
 * @returns whether anything is pending.
 * @throws Error as applyConfig does.
 */
export async function planConfig(
	{ database, getSchema }: HookExtensionContext,
	{ accessPath, settingsPath }: Pick<Snapshots, 'accessPath' | 'settingsPath'>,
	{ print, schemaPending }: { print: Print; schemaPending: boolean },
): Promise<boolean> {
	const schema = schemaPending ? null : await getSchema({ bypassCache: true });
	const { access, settings } = await readConfig(database, schema, { accessPath, settingsPath, print });
	const { changes } = access === null ? { changes: [] } : await planNow(database, access);

	tellPlan(changes.map(lineOf), print);
	if (changes.length > 0) print(`access: ${countKinds(changes.map(({ kind }) => kind))} pending`);
	if (settings !== null) print('settings: pending');
	return changes.length > 0 || settings !== null;
}
