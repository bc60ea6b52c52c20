import type { Knex } from 'knex';
import type { Print } from '../run-command.js';

/**
 * Gives a collection that was deleted and has come back its event triggers again (after-schema/006).
 * Before that file is applied there is nothing to call: a first boot gets them from after-schema/004.
 */
export async function ensureEventTriggers(database: Knex, print: Print): Promise<void> {
	const { rows: known } = await database.raw<{ rows: { known: boolean }[] }>(
		`SELECT to_regprocedure('trm.ensure_event_triggers()') IS NOT NULL AS known`,
	);

	if (known[0]?.known !== true) return;

	const { rows } = await database.raw<{ rows: { name: string }[] }>(
		'SELECT name FROM trm.ensure_event_triggers() AS name',
	);
	for (const { name } of rows) print(`event trigger of ${name} was missing and is made again`);
}
