import type { Knex } from 'knex';
import { messageOf } from '../lib/errors.js';
import { compareLedger } from './compare.js';
import { findMissingObjects, type MissingObjectProblem } from './made-objects.js';
import { readMigrationFiles, type Migration } from './migration-files.js';
import { ledgerProblem, type LedgerProblem } from './problems.js';

/** A ledger that cannot be read is a problem like any other: the server must not serve on it. */
export interface UnreadableLedger {
	code: 'MIGRATION_LEDGER_UNREADABLE';
	message: string;
}

/** Compares the ledger with the files, and what they made with what is there. Never throws: what goes wrong is a problem in the list. */
export async function checkMigrationLedger(
	database: Knex,
	dbInitPath: string,
): Promise<(LedgerProblem | UnreadableLedger | MissingObjectProblem)[]> {
	let files: Migration[];

	try {
		files = await readMigrationFiles(dbInitPath);
	} catch (error) {
		return [unreadable(`the migrations in ${dbInitPath} cannot be read (${messageOf(error)}). Check DB_INIT_PATH.`)];
	}

	try {
		const { rows } = await database.raw<{ rows: Migration[] }>('SELECT filename, sha256 FROM trm.migration_ledger');
		const problems = compareLedger(files, rows).flatMap((compared) => ledgerProblem(compared) ?? []);
		return [...problems, ...(await findMissingObjects(database))];
	} catch (error) {
		return [
			unreadable(
				`trm.migration_ledger or what it stands for cannot be read (${messageOf(error)}). ` +
					'Start through entrypoint.sh, which creates it, and check the rights of DB_USER.',
			),
		];
	}
}

function unreadable(message: string): UnreadableLedger {
	return { code: 'MIGRATION_LEDGER_UNREADABLE', message };
}
