import type { Knex } from 'knex';

/** A trigger or constraint of db-init/after-schema/ that this database lacks, or that does not fire. */
export interface AfterSchemaProblem {
	code: 'AFTER_SCHEMA_MISSING';
	message: string;
}

interface MissingObject {
	kind: string;
	name: string;
	on_table: string;
	file: string;
	state: 'missing' | 'disabled';
}

/** Asks the database what it lacks. One that is older than the list (after-schema/006) has nothing to answer. */
export async function missingAfterSchemaObjects(database: Knex): Promise<AfterSchemaProblem[]> {
	const { rows: known } = await database.raw<{ rows: { known: boolean }[] }>(
		`SELECT to_regprocedure('trm.missing_after_schema_objects()') IS NOT NULL AS known`,
	);

	if (known[0]?.known !== true) return [];

	const { rows } = await database.raw<{ rows: MissingObject[] }>('SELECT * FROM trm.missing_after_schema_objects()');
	return rows.map((object) => ({ code: 'AFTER_SCHEMA_MISSING', message: describeMissing(object) }));
}

function describeMissing({ kind, name, on_table, file, state }: MissingObject): string {
	if (state === 'disabled') {
		return `the ${kind} ${name} on ${on_table} is disabled. Run: ALTER TABLE public.${on_table} ENABLE TRIGGER ${name};`;
	}

	return (
		`the ${kind} ${name} on ${on_table} is missing; it goes with a collection or field that is deleted. ` +
		`Run its statement in after-schema/${file} again, by hand with psql, after correcting the rows that it refuses.`
	);
}
