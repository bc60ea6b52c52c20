import { EXIT, Stop } from '../../lib/exit-status.js';
import type { Log } from '../../lib/log.js';
import type { Session } from '../session.js';
import type { Migration } from './check-file.js';
import { RUNNER_VERSION } from './ledger.js';
import RECORD from './record.sql?raw';
import { describeNotice, named, type Origin, type ServerMessage } from './sql-error.js';
import type { Statement } from './statements.js';

const SAY_EVERY_S = 10;
const PRESENT_OBJECTS = 'SELECT kind, name, on_table FROM trm.present_objects';
const TRANSACTION = 'SELECT pg_current_xact_id()::text AS id';
/** Settings and roles are reset by the session. The lock stays. */
const LEAVE_NOTHING = 'CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; DISCARD TEMP';

export interface PendingMigration extends Migration {
	statements: Statement[];
	/** as messages name it: db-init/002_positions.sql */
	path: string;
}

/**
 * Applies a file and records it, in one transaction unless it says otherwise.
 * @returns how many milliseconds it took. @throws Stop
 */
export async function applyFile(session: Session, migration: PendingMigration, log: Log): Promise<number> {
	const { filename, kind, path } = migration;
	const inTransaction = kind !== 'no-transaction';
	const kept = inTransaction
		? 'nothing of it was kept'
		: 'it runs without a transaction, so statements before the failing one stay';
	const began = performance.now();
	const seconds = () => Math.round((performance.now() - began) / 1_000);
	const timer = setInterval(() => log.info(`still applying ${filename} (${seconds()} s)`), SAY_EVERY_S * 1_000);
	const say = (notice: ServerMessage) => describeNotice(filename, notice).forEach((line) => log.info(line));
	let origin: Origin | undefined;

	async function apply(): Promise<number> {
		const before = await session.rows(PRESENT_OBJECTS);
		if (inTransaction) await session.run('BEGIN');
		const [transaction] = inTransaction ? await session.rows<{ id: string }>(TRANSACTION) : [];

		for (const sent of inTransaction ? [{ text: migration.text, line: 1 }] : migration.statements) {
			await send(sent);
		}

		if (!inTransaction) await session.run('BEGIN');
		// A role or search_path of the file is not for the ledger.
		await session.resetSettings();
		const duration = Math.round(performance.now() - began);
		const ledgerKind = kind === 'repeatable' ? 'repeatable' : 'numbered';
		const record = [
			filename,
			migration.sha256,
			ledgerKind,
			duration,
			RUNNER_VERSION,
			transaction?.id ?? null,
			JSON.stringify(before),
		];

		if ((await session.rows(RECORD, record)).length === 0) {
			const what = "ended the runner's transaction or wrote a ledger row for itself";
			const remedy = 'take that out of it, undo by hand what it did, run again';
			throw new Stop(
				EXIT.failed,
				`${filename} ${what}, so it is not recorded and what it committed stays; remedy: ${remedy}`,
			);
		}

		await session.run('COMMIT');
		return duration;
	}

	/** Postgres tells of each statement that it ended: the next one is the one that failed. */
	async function send(sent: Statement): Promise<void> {
		let ended = inTransaction ? 0 : migration.statements.indexOf(sent);
		const count = () => (ended += 1);
		session.client.connection.on('commandComplete', count);

		try {
			await session.run(sent.text);
		} catch (error) {
			origin = { path, sent, statement: migration.statements[ended] };
			throw error;
		} finally {
			session.client.connection.off('commandComplete', count);
		}
	}

	session.client.on('notice', say);

	try {
		const duration = await named(`${filename} failed (${kept})`, apply, () => origin);
		await named(`${filename} is applied, but cleaning up after it failed`, () => session.run(LEAVE_NOTHING));
		return duration;
	} finally {
		clearInterval(timer);
		session.client.off('notice', say);
	}
}
