import { createHash } from 'node:crypto';
import type { HookExtensionContext, Item } from '@directus/types';
import { messageOf } from '../../shared/errors.js';
import { readState, writeState } from '../../shared/state.js';
import { readYamlFile } from '../../shared/yaml-file.js';
import type { Print } from '../run-command.js';
import { parseSettings, type SettingsFile } from './form.js';
import { settingsProblems } from './validate.js';

/** A default preset is the one that belongs to nobody in particular and has no name. */
export const DEFAULT_PRESET = { user: null, role: null, bookmark: null } as const;

const STATE_KEY = 'settings';

interface SettingsOptions {
	settingsPath: string;
	print: Print;
}

interface PendingSettings {
	declared: SettingsFile;
	sha256: string;
}

/**
 * Applies the declared settings when the file is another than the one applied last, so that what an administrator
 * edits afterwards in the admin UI stays. Default presets are only added, never overwritten.
 * @throws Error naming the file and the place in it.
 */
export async function applySettings(
	context: HookExtensionContext,
	{ settingsPath, print }: SettingsOptions,
): Promise<void> {
	const pending = await readPending(context, settingsPath, print);
	if (pending === null) return;

	await refuseUnknown(context, settingsPath, pending.declared);
	const presets = await writeSettings(context, settingsPath, pending);
	print(`settings applied (${Object.keys(pending.declared.settings).length} settings, ${presets} presets added)`);
}

/**
 * What applySettings would do, without writing.
 * @param schemaPending leaves the names unchecked: the collections that presets name may be those still to be made.
 * @throws Error as applySettings does.
 */
export async function planSettings(
	context: HookExtensionContext,
	{ settingsPath, print, schemaPending }: SettingsOptions & { schemaPending: boolean },
): Promise<'none' | 'pending'> {
	const pending = await readPending(context, settingsPath, print);
	if (pending === null) return 'none';

	if (!schemaPending) await refuseUnknown(context, settingsPath, pending.declared);
	print('settings pending');
	return 'pending';
}

/** @returns null, with the reason printed, where there is nothing to apply. */
async function readPending(
	{ database }: HookExtensionContext,
	settingsPath: string,
	print: Print,
): Promise<PendingSettings | null> {
	const file = await readYamlFile(settingsPath);

	// Comments alone declare nothing, as white space does.
	if (file === null || (file.content ?? null) === null) {
		print(`settings skipped: ${settingsPath} is absent or empty`);
		return null;
	}

	const sha256 = createHash('sha256').update(file.text.replaceAll('\r', '')).digest('hex');
	const applied = await readState<{ sha256: string }>(database, STATE_KEY);

	if (applied?.sha256 === sha256) {
		print('settings unchanged since they were last applied');
		return null;
	}

	return { declared: parseSettings(settingsPath, file.content), sha256 };
}

async function refuseUnknown(
	{ getSchema }: HookExtensionContext,
	settingsPath: string,
	declared: SettingsFile,
): Promise<void> {
	const problems = settingsProblems(declared, await getSchema({ bypassCache: true }));
	if (problems.length > 0) throw new Error(`${settingsPath} cannot be applied: ${problems.join('; ')}`);
}

async function writeSettings(
	{ services, database, getSchema }: HookExtensionContext,
	settingsPath: string,
	{ declared, sha256 }: PendingSettings,
): Promise<number> {
	const schema = await getSchema({ bypassCache: true });

	return database.transaction(async (transaction) => {
		const settings = new services.SettingsService({ knex: transaction, schema });
		const presets = new services.PresetsService({ knex: transaction, schema });
		let added = 0;

		await naming(settingsPath, 'settings', () => settings.upsertSingleton(declared.settings as Item));

		for (const [index, preset] of declared.presets.entries()) {
			const existing = await transaction('directus_presets')
				.where({ collection: preset.collection, ...DEFAULT_PRESET })
				.first();

			if (existing) continue;
			await naming(settingsPath, `presets[${index}]`, () => presets.createOne({ ...preset, ...DEFAULT_PRESET }));
			added += 1;
		}

		await writeState(transaction, STATE_KEY, { sha256 });
		return added;
	});
}

/** Says of a failure which part of the file Directus or the database refused. */
async function naming(settingsPath: string, place: string, write: () => Promise<unknown>): Promise<void> {
	try {
		await write();
	} catch (error) {
		const reasons = (Array.isArray(error) ? error : [error]).map(messageOf).join('; ');
		throw new Error(`${settingsPath}: ${place} was refused, and nothing of the file is applied: ${reasons}`, {
			cause: error,
		});
	}
}
