import { EXIT, Stop } from '../../lib/exit-status.js';
import { compareLedger, type ComparedMigration } from '../../migration-ledger/compare.js';
import type { Sql } from '../session.js';
import type { Migration } from './check-file.js';
import CREATE from './create-ledger.sql?raw';
import STATE from './ledger-state.sql?raw';
import ROWS from './ledger.sql?raw';
import type { Directory } from './read-directory.js';
import { named } from './sql-error.js';

/** Recorded in the ledger: raise it when the way files are applied changes. */
export const RUNNER_VERSION = '3.0.0';

export interface LedgerRow {
	filename: string;
	sha256: string;
	/** in UTC, with microseconds */
	appliedAt: string;
	durationMs: number;
	runnerVersion: string;
}

export type Compared = ComparedMigration<Migration, LedgerRow>;

interface LedgerState {
	hasLedger: boolean;
	hasObjects: boolean;
	hasKinds: boolean;
}

/** Makes the ledger where there is none. @throws Stop */
export async function createLedger(sql: Sql): Promise<void> {
	await named('creating the ledger', () => sql.run(CREATE));
}

/** @throws Stop for a database from before the baseline: nothing leads from there to here. */
export async function compareWithLedger(sql: Sql, { prefix, migrations }: Directory): Promise<Compared[]> {
	return named('comparing the files with the ledger', async () => {
		const [state] = await sql.rows<LedgerState>(STATE);
		// Reading must not make a ledger: a database that takes no writes can be asked too.
		if (!state?.hasLedger) return compareLedger<Migration, LedgerRow>(migrations, []);

		if (!state.hasKinds) {
			throw new Stop(
				EXIT.failed,
				'this database was booted by an image from before the baseline (decision 0016), which this one does not lead on from; ' +
					'remedy: a new database; for the stack of npm start: npm run reset',
			);
		}

		const lacking = state.hasObjects ? await sql.rows('SELECT FROM trm.missing_objects LIMIT 1') : [];
		return compareLedger(migrations, await sql.rows<LedgerRow>(ROWS, [prefix]), lacking.length > 0);
	});
}
