import type { HookExtensionContext } from '@directus/types';
import { administrator } from '../../access/administrator.js';
import { invalidateBootFingerprint } from '../boot-fingerprint.js';
import type { Print } from '../../lib/run-command.js';
import { applyAccess } from '../../access/policies/apply.js';
import type { ConfigEnvironment } from './env.js';
import { readConfig } from './read-config.js';
import { applySettings } from '../settings/apply.js';

/** Taken for the length of the transaction: a second apply waits, and then finds nothing left to do. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('trm.config'))`;

/**
 * Brings access and settings to what the files declare: both, or after any failure neither.
 * @throws Error naming file and place, where something is unknown, refused, or would delete what was not allowed to.
 */
export async function applyConfig(
	context: HookExtensionContext,
	{ accessPath, settingsPath, allowDelete }: ConfigEnvironment,
	print: Print,
): Promise<void> {
	const schema = await context.getSchema({ bypassCache: true });
	const done: string[] = [];
	let written = 0;

	await context.database.transaction(async (transaction) => {
		await transaction.raw(LOCK);
		const { access, settings, roles } = await readConfig(transaction, schema, { accessPath, settingsPath, print });

		if (access !== null) {
			const changes = await applyAccess(context, transaction, schema, access, { path: accessPath, allowDelete, print });
			written += changes;
			done.push(changes === 0 ? 'access: no changes' : `access: ${changes} changes applied and verified`);
		}

		if (settings !== null) {
			const presets = await applySettings(context, transaction, schema, settings, roles);
			written += 1;
			done.push(
				`settings applied (${Object.keys(settings.declared.settings).length} settings, ${presets} presets added)`,
			);
		}

		if (written > 0) await invalidateBootFingerprint(transaction);
	});

	// Only now: what a reader puts into a cache before the commit is what was before.
	if (written > 0) await emptyCaches(context);
	done.forEach(print);
}

async function emptyCaches({ services, database, getSchema }: HookExtensionContext): Promise<void> {
	const schema = await getSchema({ bypassCache: true });
	const utils = new services.UtilsService({ knex: database, schema, accountability: administrator });
	await utils.clearCache({ system: true });
}
