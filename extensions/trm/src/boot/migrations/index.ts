import { basename, join } from 'node:path';
import { EXIT, Stop } from '../../lib/exit-status.js';
import type { Log } from '../../lib/log.js';
import type { Session } from '../session.js';
import { applyFile, type PendingMigration } from './apply-file.js';
import { problemOf, warningOf } from './differences.js';
import { compareWithLedger, createLedger, type Compared } from './ledger.js';
import { readDirectory, type Directory } from './read-directory.js';
import { named } from './sql-error.js';
import { readStatements } from './statements.js';

const LOCK = 'trm.db-init';

/**
 * Applies what is pending of a directory of migrations, while no other runner does.
 * @throws Stop with one line for each problem; then nothing was applied, or nothing after the file that it names.
 */
export async function applyDirectory(
	session: Session,
	directory: string,
	log: Log,
): Promise<{ applied: number; skipped: number }> {
	const found = await readDirectory(directory);
	await named('waiting for the lock', () => session.lock(LOCK, null, log));

	try {
		const compared = await compareWithLedger(session, found);
		const pending = await readPending(compared, found, log);
		await createLedger(session);

		for (const migration of pending) {
			log.info(`applied ${migration.filename} (${await applyFile(session, migration, log)} ms)`);
		}

		const counts = { applied: pending.length, skipped: compared.filter(({ state }) => state === 'applied').length };
		log.info(`${counts.applied} applied, ${counts.skipped} skipped`);
		return counts;
	} finally {
		if (!session.isLost)
			await session.run(`ROLLBACK; SELECT pg_advisory_unlock(hashtext('${LOCK}'))`).catch(() => undefined);
	}
}

/**
 * What would be applied, with the statements of each file.
 * @throws Stop for files that are not those of the ledger, or hold what has no place in a migration.
 */
export async function readPending(compared: Compared[], { path }: Directory, log: Log): Promise<PendingMigration[]> {
	const differences = compared.flatMap((one) => problemOf(one, path) ?? []);
	compared.flatMap((one) => warningOf(one, path) ?? []).forEach((line) => log.info(line));
	if (differences.length > 0)
		throw new Stop(EXIT.failed, ...differences, `${differences.length} problem(s), nothing was applied`);

	const pending: PendingMigration[] = [];
	const problems: string[] = [];

	for (const { file, state } of compared) {
		if (file === undefined || state !== 'pending') continue;
		const content = await readStatements(file.text);
		problems.push(...content.problems.map(({ line, what }) => `${file.filename}:${line}: ${what}`));
		pending.push({ ...file, statements: content.statements, path: join(basename(path), basename(file.filename)) });
	}

	if (problems.length > 0) throw new Stop(EXIT.failed, ...problems, 'nothing was applied');
	return pending;
}
