import { EXIT, Stop } from '../lib/exit-status.js';
import { orStop } from './database-refusal.js';
import hasServerRights from './has-server-rights.sql?raw';
import type { Login } from './login.js';
import { readPresentParts } from './present-parts.js';
import type { Sql } from './session.js';

/** Step 3 may have made a collection again, without the rights that went with the deleted one. @throws Stop */
export async function grantLeastPrivilege(sql: Sql): Promise<void> {
	await orStop('the rights of trm_directus and trm_processor could not be given', async () => {
		// What is wrong with the roles step 4 has said. Before it there is nothing to call.
		const { grants } = await readPresentParts(sql);
		if (grants) await sql.rows('SELECT trm.grant_least_privilege()');
	});
}

/** Directus would start without them, and take a database of which it sees nothing for an empty one. @throws Stop */
export async function requireServerRights(sql: Sql, { user }: Login): Promise<void> {
	const [rights] = await orStop('looking at the rights of the server failed', () =>
		sql.rows<{ ok: boolean }>(hasServerRights),
	);
	if (rights?.ok) return;
	const remedy = `as a superuser GRANT trm_directus TO "${user}", then SELECT trm.grant_least_privilege() (docs/database-roles.md)`;
	throw new Stop(
		EXIT.configuration,
		`the login ${user} (DB_USER) has not the rights of a server in this database; remedy: ${remedy}`,
	);
}
