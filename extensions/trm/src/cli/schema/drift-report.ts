import type { SettingsDrift } from '../config/settings/drift.js';
import type { SchemaDrift } from './drift.js';

/** What `schema-drift --json` prints. */
export interface DriftReport {
	same: boolean;
	schema: { path: string; differences: SchemaDrift[] };
	/** null: no settings are declared */
	settings: { path: string; differences: SettingsDrift[] } | null;
}

const STATES = {
	missing: 'is in the snapshot and not in the database',
	extra: 'is in the database and not in the snapshot',
	different: 'differs',
};

/** The report in a reader's words, one line for each difference. */
export function linesOf({ same, schema, settings }: DriftReport): string[] {
	if (same) return ['no differences'];

	const schemaLines = schema.differences.flatMap(({ kind, name, state, properties }) =>
		state === 'different'
			? properties.map(({ path, database, snapshot }) => `${kind} ${name}: ${path} ${compare(database, snapshot)}`)
			: [`${kind} ${name} ${STATES[state]}`],
	);

	const settingsLines = (settings?.differences ?? []).map(({ name, state, database, snapshot }) =>
		state === 'different' ? `${name} ${compare(database, snapshot)}` : `${name} ${STATES[state]}`,
	);

	const count = schema.differences.length + (settings?.differences.length ?? 0);
	return [...schemaLines, ...settingsLines, `${count} differences`];
}

function compare(database: unknown, snapshot: unknown): string {
	return `is ${JSON.stringify(database)} in the database and ${JSON.stringify(snapshot)} in the snapshot`;
}
