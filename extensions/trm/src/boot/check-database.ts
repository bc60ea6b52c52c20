import { readFile } from 'node:fs/promises';
import { EXIT, Stop } from '../lib/exit-status.js';
import problems from './check-database.sql?raw';
import { orStop } from './database-refusal.js';
import type { Login } from './login.js';
import type { Sql } from './session.js';

type Kind = 'standby' | 'read-only' | 'encoding' | 'foreign';

const MESSAGES: Record<Kind, (detail: string) => string> = {
	standby: () => "is a standby, which takes no changes; remedy: give the primary's address in DB_HOST",
	'read-only': (source) =>
		`is read-only (default_transaction_read_only is on, from its ${source}); remedy: have it made writable (ALTER DATABASE or ALTER ROLE … RESET default_transaction_read_only), then start again`,
	encoding: (encoding) =>
		`has the encoding ${encoding}, and names need UTF8; remedy: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and start with that one`,
	foreign: (tables) =>
		`was not made by this image, and has tables of the names that it makes: ${tables}; remedy: give a database of its own in DB_DATABASE, or restore the backup as a whole, with the schema trm`,
};

/** Looks for what no boot can finish on, with the lock in hand and before anything is written. @throws Stop */
export async function checkDatabase(sql: Sql, login: Login, snapshotPath: string): Promise<void> {
	// An unreadable snapshot is a matter of step 3.
	const collections = collectionsOf(await readFile(snapshotPath, 'utf8').catch(() => ''));
	const ask = () => sql.rows<{ kind: Kind; detail: string }>(problems, [collections]);
	const [problem] = await orStop('looking at the database: check-database.sql failed', ask);
	if (problem === undefined) return;
	const where = `${login.database} at ${login.host}:${login.port}`;
	throw new Stop(EXIT.configuration, `the database ${where} ${MESSAGES[problem.kind](problem.detail)}`);
}

/** Names that the snapshot gives to tables; a folder has no table, which does no harm here. */
export const collectionsOf = (snapshot: string): string[] => [
	...new Set([...snapshot.matchAll(/^ {2}- collection: ([a-z0-9_]+)$/gm)].map(([, name]) => name as string)),
];
