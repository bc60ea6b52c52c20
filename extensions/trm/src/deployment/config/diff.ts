import type { HookExtensionContext } from '@directus/types';
import type { Print } from '../../lib/run-command.js';
import type { AccessDifference } from '../../access/policies/changes.js';
import type { AccessFile } from '../../access/policies/form.js';
import { planAccess } from '../../access/policies/plan.js';
import { readLiveAccess, readRemembered } from '../../access/policies/rows.js';
import { unmanagedAccess, type Unmanaged } from '../../access/policies/unmanaged.js';
import type { ConfigEnvironment } from './env.js';
import { readConfig } from './read-config.js';
import { findSettingsDrift, type SettingsDrift } from '../settings/drift.js';

/** What `config diff --json` prints. */
export interface ConfigReport {
	/** Whether all that is declared is in the database as declared; what is unmanaged does not count. */
	same: boolean;
	/** null: no access is declared */
	access: { path: string; differences: AccessDifference[]; unmanaged: Unmanaged[] } | null;
	/** null: no settings are declared */
	settings: { path: string; differences: SettingsDrift[] } | null;
}

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
	{ accessPath, settingsPath }: Pick<ConfigEnvironment, 'accessPath' | 'settingsPath'>,
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

const STATES = {
	missing: 'is in the snapshot and not in the database',
	extra: 'is in the database and not in the snapshot',
};

/** The report in a reader's words, one line for each difference. */
export function configLinesOf({ access, settings }: Omit<ConfigReport, 'same'>): string[] {
	const differences = (access?.differences ?? []).flatMap(({ name, state, properties }) =>
		state === 'different'
			? properties.map(({ path, database, snapshot }) => `${name}: ${path} ${compare(database, snapshot)}`)
			: [`${name} ${STATES[state]}`],
	);

	const settingsLines = (settings?.differences ?? []).map(({ name, state, database, snapshot }) =>
		state === 'different' ? `${name} ${compare(database, snapshot)}` : `${name} ${STATES[state]}`,
	);

	const unmanaged = (access?.unmanaged ?? []).map(({ name }) => `unmanaged: ${name}`);
	return [...differences, ...settingsLines, ...unmanaged];
}

export function compare(database: unknown, snapshot: unknown): string {
	return `is ${JSON.stringify(database)} in the database and ${JSON.stringify(snapshot)} in the snapshot`;
}
