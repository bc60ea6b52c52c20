import type { HookExtensionContext } from '@directus/types';
import type { Print } from '../../lib/log.js';
import type { AccessFile } from '../../access/policies/form.js';
import { planAccess } from '../../access/policies/plan.js';
import { readLiveAccess, readRemembered } from '../../access/policies/rows.js';
import { unmanagedAccess } from '../../access/policies/unmanaged.js';
import type { Snapshots } from '../paths.js';
import { readConfig } from './read-config.js';
import type { ConfigReport } from './report.js';
import { findSettingsDrift } from '../settings/drift.js';

/** What a file leaves out is said by the report. */
const silent: Print = () => undefined;

/**
 * How the database differs from the two files. Writes nothing.
 * @param schemaPending leaves the names unchecked: the collections that the files name may be those still to be made.
 * @throws Error or Error[] with the mistakes for which applyConfig would refuse a file: what cannot be applied is not to be
 * taken for what the database should be.
 */
export async function diffConfig(
	context: HookExtensionContext,
	{ accessPath, settingsPath }: Pick<Snapshots, 'accessPath' | 'settingsPath'>,
	{ schemaPending }: { schemaPending: boolean },
): Promise<ConfigReport> {
	const { database, getSchema } = context;
	const schema = schemaPending ? null : await getSchema({ bypassCache: true });
	const { access: file, roles } = await readConfig(database, schema, { accessPath, settingsPath, print: silent });
	const access = file === null ? null : await diffAccess(context, file, accessPath);
	const differences = await findSettingsDrift(context, settingsPath, roles);
	const settings = differences === null ? null : { path: settingsPath, differences };
	const isSame = (part: { differences: unknown[] } | null) => part === null || part.differences.length === 0;

	return { same: isSame(access) && isSame(settings), access, settings };
}

async function diffAccess(
	{ database }: HookExtensionContext,
	file: AccessFile,
	path: string,
): Promise<NonNullable<ConfigReport['access']>> {
	const live = await readLiveAccess(database);
	const remembered = await readRemembered(database);
	const { changes } = planAccess(file, live, remembered);

	return {
		path,
		differences: changes.map(({ kind, name, state, properties }) => ({ kind, name, state, properties })),
		unmanaged: unmanagedAccess(file, live, remembered),
	};
}
