import { compare, configLinesOf, type ConfigReport } from '../config/report.js';
import type { SchemaDrift } from './drift.js';

/** What `schema-drift --json` prints. */
export interface DriftReport extends ConfigReport {
	schema: { path: string; differences: SchemaDrift[] };
}

const STATES = {
	missing: 'is in the snapshot and not in the database',
	extra: 'is in the database and not in the snapshot',
	different: 'differs',
};

/** The report in a reader's words, one line for each difference. */
export function linesOf({ schema, access, settings }: DriftReport): string[] {
	const schemaLines = schema.differences.flatMap(({ kind, name, state, properties }) =>
		state === 'different'
			? properties.map(({ path, database, snapshot }) => `${kind} ${name}: ${path} ${compare(database, snapshot)}`)
			: [`${kind} ${name} ${STATES[state]}`],
	);

	const count = schema.differences.length + (access?.differences.length ?? 0) + (settings?.differences.length ?? 0);
	return [
		...schemaLines,
		...configLinesOf({ access, settings }),
		count === 0 ? 'no differences' : `${count} differences`,
	];
}
