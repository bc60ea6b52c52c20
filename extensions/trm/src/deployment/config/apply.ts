import type { HookExtensionContext } from '@directus/types';
import { administrator } from '../../access/administrator.js';
import { invalidateBootFingerprint } from '../boot-fingerprint.js';
import type { Print } from '../../lib/log.js';
import { applyAccess } from '../../access/policies/apply.js';
import type { Snapshots } from '../paths.js';
import { readConfig } from './read-config.js';
import { applySettings } from '../settings/apply.js';

export interface ConfigApplyOptions extends Pick<Snapshots, 'accessPath' | 'settingsPath'> {
	/** roles and policies */
	allowDelete: boolean;
}

/** Taken for the length of the transaction: a second apply waits, and then finds nothing left to do. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('trm.config'))`;

/**
 * Brings access and settings to what the files declare: both, or after any failure neither.
 * @throws Error naming file and place, where something is unknown, refused, or would delete what was not allowed to.
 */
export async function applyConfig(
	context: HookExtensionContext,
	{ accessPath, settingsPath, allowDelete }: ConfigApplyOptions,
	print: Print,
): Promise<void> {
	const schema = await context.getSchema({ bypassCache: true });
	const done: string[] = [];
	let written = 0;

	await context.database.transaction(async (transaction) => {
		await transaction.raw(LOCK);
		const { access, settings, roles } = await readConfig(transaction, schema, { accessPath, settingsPath, print });

		if (access !== null) {
			const summary = await applyAccess(context, transaction, schema, access, { path: accessPath, allowDelete, print });
			written += summary === '' ? 0 : 1;
			done.push(summary === '' ? 'access: no changes' : `access: ${summary} written and verified`);
		}

		if (settings !== null) {
			const presets = await applySettings(context, transaction, schema, settings, roles);
			written += 1;
			done.push(
				`settings: ${Object.keys(settings.declared.settings).length} settings written, ${presets} presets added`,
			);
		}

		if (written > 0) await invalidateBootFingerprint(transaction);
	});

	// Only now: what a reader puts into a cache before the commit is what was before.
	if (written > 0) await emptyCaches(context);
	for (const line of done) print(line);
}

async function emptyCaches({ services, database, getSchema }: HookExtensionContext): Promise<void> {
	const schema = await getSchema({ bypassCache: true });
	const utils = new services.UtilsService({ knex: database, schema, accountability: administrator });
	await utils.clearCache({ system: true });
}
