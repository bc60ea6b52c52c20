import type { HookExtensionContext } from '@directus/types';
import type { Print } from '../../lib/run-command.js';
import { planNow } from '../../access/policies/apply.js';
import { lineOf } from '../../access/policies/changes.js';
import type { ConfigEnvironment } from './env.js';
import { readConfig } from './read-config.js';

/**
 * What applyConfig would do, without writing.
 * @param schemaPending leaves the names unchecked: the collections that the files name may be those still to be made.
 * @throws Error as applyConfig does.
 */
export async function planConfig(
	{ database, getSchema }: HookExtensionContext,
	{ accessPath, settingsPath }: ConfigEnvironment,
	{ print, schemaPending }: { print: Print; schemaPending: boolean },
): Promise<'none' | 'pending'> {
	const schema = schemaPending ? null : await getSchema({ bypassCache: true });
	const { access, settings } = await readConfig(database, schema, { accessPath, settingsPath, print });
	const { changes } = access === null ? { changes: [] } : await planNow(database, access);

	for (const change of changes) print(`plan: ${lineOf(change)}`);
	if (changes.length > 0) print(`access: ${changes.length} changes pending`);
	if (settings !== null) print('settings pending');
	return changes.length > 0 || settings !== null ? 'pending' : 'none';
}
