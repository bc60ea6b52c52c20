import type { AccessDifference } from '../../access/policies/changes.js';
import type { Unmanaged } from '../../access/policies/unmanaged.js';
import type { SettingsDrift } from '../settings/drift.js';

/** What `config diff --json` prints. */
export interface ConfigReport {
	/** Whether all that is declared is in the database as declared; what is unmanaged does not count. */
	same: boolean;
	/** null: no access is declared */
	access: { path: string; differences: AccessDifference[]; unmanaged: Unmanaged[] } | null;
	/** null: no settings are declared */
	settings: { path: string; differences: SettingsDrift[] } | null;
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
