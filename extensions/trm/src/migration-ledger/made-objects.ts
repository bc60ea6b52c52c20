import type { Knex } from 'knex';

/** A trigger, constraint or function that the files of db-init/ made and that is gone, or a trigger that does not fire. */
export interface MissingObjectProblem {
	code: 'DB_INIT_OBJECT_MISSING';
	message: string;
}

interface MissingObject {
	kind: 'trigger' | 'constraint' | 'function';
	name: string;
	/** empty for a function */
	on_table: string;
	file: string;
	state: 'missing' | 'disabled';
}

/** Asks the database what it lacks of what the runner noted (boot/migrations/create-ledger.sql). */
export async function findMissingObjects(database: Knex): Promise<MissingObjectProblem[]> {
	const { rows } = await database.raw<{ rows: MissingObject[] }>(
		'SELECT kind, name, on_table, file, state FROM trm.missing_objects ORDER BY file, on_table, name',
	);
	return rows.map((object) => ({ code: 'DB_INIT_OBJECT_MISSING', message: describeMissing(object) }));
}

function describeMissing({ kind, name, on_table, file, state }: MissingObject): string {
	const what = `the ${kind} ${name}${on_table === '' ? '' : ` on ${on_table}`}`;
	if (state === 'disabled') {
		return `${what} is disabled. Run: ALTER TABLE public.${on_table} ENABLE TRIGGER ${name};`;
	}

	return file.startsWith('current/')
		? `${what} is missing. Start through entrypoint.sh, which applies db-init/${file} again.`
		: `${what} is missing; it goes with a collection or field that is deleted. ` +
				`Run its statement in db-init/${file} again, by hand with psql, after correcting the rows that it refuses.`;
}
