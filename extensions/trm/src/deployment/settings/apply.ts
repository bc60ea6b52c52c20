import type { Knex } from 'knex';
import type { HookExtensionContext, Item, SchemaOverview } from '@directus/types';
import { messageOf } from '../../lib/errors.js';
import { rememberSettings, type PendingSettings } from './pending.js';
import { hasPreset, identityOf, type RoleIds } from './presets.js';

/**
 * Writes the declared settings within the caller's transaction, once for each state of the file, so that what an administrator
 * edits afterwards in the admin UI stays. Presets are only added, never overwritten.
 * @returns how many presets were added.
 * @throws Error naming the file and the place in it.
 */
export async function applySettings(
	{ services }: HookExtensionContext,
	transaction: Knex.Transaction,
	schema: SchemaOverview,
	pending: PendingSettings,
	roles: RoleIds,
): Promise<number> {
	const { path, declared } = pending;
	const settings = new services.SettingsService({ knex: transaction, schema });
	const presets = new services.PresetsService({ knex: transaction, schema });
	let added = 0;

	await naming(path, 'settings', () => settings.upsertSingleton(declared.settings as Item));

	for (const [index, preset] of declared.presets.entries()) {
		const identity = identityOf(preset, roles);
		if (identity === null || (await hasPreset(transaction, identity))) continue;

		await naming(path, `presets[${index}]`, () => presets.createOne({ ...preset, ...identity, user: null }));
		added += 1;
	}

	await rememberSettings(transaction, pending);
	return added;
}

/** Says of a failure which part of the file Directus or the database refused. */
async function naming(path: string, place: string, write: () => Promise<unknown>): Promise<void> {
	try {
		await write();
	} catch (error) {
		const reasons = (Array.isArray(error) ? error : [error]).map(messageOf).join('; ');
		throw new Error(`${path}: ${place} was refused, and nothing of the file is applied: ${reasons}`, {
			cause: error,
		});
	}
}
