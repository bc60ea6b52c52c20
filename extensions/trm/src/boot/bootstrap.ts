import { EXIT, Stop } from '../lib/exit-status.js';
import type { Log } from '../lib/log.js';
import beginBootstrap from './begin-bootstrap.sql?raw';
import { orStop } from './database-refusal.js';
import { readPresentParts } from './present-parts.js';
import type { Sql } from './session.js';
import verifyBootstrap from './verify-bootstrap.sql?raw';

const STEP = 'step 2/5: bootstrap';

/**
 * Directus's bootstrap is not one transaction, and after an interruption it takes a half-made installation for a finished one.
 * So its first run is noted in trm.state, and the note goes only when the outcome was verified.
 */
export async function noteFirstBootstrap(sql: Sql, log: Log): Promise<void> {
	const outcome = await orStop(`${STEP}: begin-bootstrap.sql failed`, async () => {
		await sql.run(beginBootstrap);
		return sql.rows<{ did: string }>("SELECT current_setting('trm.bootstrap') AS did");
	});

	if (outcome[0]?.did === 'discarded') log.info('an interrupted first bootstrap was discarded; it starts afresh');
}

/** @throws Stop with what the database lacks */
export async function verifyFirstBootstrap(sql: Sql, cli: string): Promise<void> {
	const lacking = await orStop(`${STEP}: verify-bootstrap.sql failed`, async () => {
		const { directus_tables } = await readPresentParts(sql);
		if (!directus_tables) return 'the tables directus_users, directus_settings and directus_migrations';
		await sql.run(verifyBootstrap);
		const users = await sql.rows('SELECT FROM public.directus_users LIMIT 1');
		return users.length === 0 ? 'a user' : null;
	});

	if (lacking === null) return;
	const remedy = `run it by hand (node ${cli} bootstrap) and read its log`;
	throw new Stop(EXIT.failed, `${STEP} ended well but the database lacks: ${lacking}; remedy: ${remedy}`);
}
