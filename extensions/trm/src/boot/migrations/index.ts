import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { EXIT, Stop } from '../../lib/exit-status.js';
import type { Log } from '../../lib/log.js';
import type { Session } from '../session.js';

const LEDGER = `CREATE SCHEMA IF NOT EXISTS trm; CREATE TABLE IF NOT EXISTS trm.migration_ledger (
	filename text PRIMARY KEY, sha256 text NOT NULL, kind text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
	duration_ms integer NOT NULL, runner_version text NOT NULL);
	CREATE TABLE IF NOT EXISTS trm.made_objects (kind text, name text, on_table text, file text, PRIMARY KEY (kind, name, on_table));
	CREATE OR REPLACE VIEW trm.missing_objects AS SELECT made.*, 'missing' AS state FROM trm.made_objects AS made
	WHERE kind = 'trigger' AND NOT EXISTS (SELECT FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = name AND relname = on_table)`;

/** TEMPORARY: stands in for the runner. */
export async function applyDirectory(session: Session, directory: string, log: Log) {
	const prefix = ['after-schema', 'current'].includes(basename(directory)) ? `${basename(directory)}/` : '';
	const [has] = await session.rows<{ ok: boolean }>("SELECT to_regclass('trm.migration_ledger') IS NOT NULL AS ok");
	if (!has?.ok) await session.run(LEDGER);
	const lacking = await session.rows('SELECT FROM trm.missing_objects');
	let applied = 0;
	let skipped = 0;

	for (const file of readdirSync(directory)
		.filter((name) => name.endsWith('.sql'))
		.sort()) {
		const text = readFileSync(join(directory, file), 'utf8');
		const hash = createHash('sha256').update(text.replaceAll('\r', '')).digest('hex');
		const kind = prefix === 'current/' ? 'repeatable' : 'numbered';
		const find = 'SELECT sha256 FROM trm.migration_ledger WHERE filename = $1';
		const [row] = await session.rows<{ sha256: string }>(find, [prefix + file]);

		if (row && row.sha256 !== hash && kind === 'numbered') {
			throw new Stop(EXIT.failed, `${file} was changed after it was applied: expected ${row.sha256}, found ${hash}`);
		}

		if (row?.sha256 === hash && !(kind === 'repeatable' && lacking.length > 0)) {
			skipped += 1;
			continue;
		}

		const began = Date.now();

		try {
			await session.run(`BEGIN;\n${text.replace(/^-- trm:.*$/gm, '')}`);
			await session.run(`INSERT INTO trm.migration_ledger VALUES ('${prefix + file}', '${hash}', '${kind}', now(), ${Date.now() - began}, 'x')
				ON CONFLICT (filename) DO UPDATE SET sha256 = excluded.sha256;
				INSERT INTO trm.made_objects SELECT 'trigger', tgname, relname, '${prefix + file}' FROM pg_trigger
				JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE 'trm%' ON CONFLICT DO NOTHING; COMMIT`);
		} catch (error) {
			if (!(error instanceof pg.DatabaseError)) throw error;
			await session.run('ROLLBACK');
			throw new Stop(EXIT.failed, `${prefix}${file}: ${error.message}`);
		}

		await session.resetSettings();
		log.info(`applied ${prefix}${file} (${Date.now() - began} ms)`);
		applied += 1;
	}

	log.info(`${applied} applied, ${skipped} skipped`);
	return { applied, skipped };
}
