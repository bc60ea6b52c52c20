import { createHash } from 'node:crypto';
import type { HookExtensionContext, Item } from '@directus/types';
import { z } from 'zod';
import { readState, writeState } from '../../shared/state.js';
import { readYamlFile } from '../../shared/yaml-file.js';
import { problemsOf } from '../../shared/zod-problems.js';
import type { Print } from '../run-command.js';

/** `snapshots/settings.yaml`: project settings, and the layouts that a collection opens with. */
const settingsFile = z.strictObject({
	settings: z.record(z.string(), z.unknown()).default({}),
	presets: z.array(z.looseObject({ collection: z.string() })).default([]),
});

type SettingsFile = z.infer<typeof settingsFile>;

/** A default preset is the one that belongs to nobody in particular and has no name. */
const DEFAULT_PRESET = { user: null, role: null, bookmark: null } as const;

const STATE_KEY = 'settings';

/**
 * Applies the declared settings when the file is another than the one applied last, so that what an administrator
 * edits afterwards in the admin UI stays. Default presets are only added, never overwritten.
 * @throws Error naming the file and the place in it.
 */
export async function applySettings(
	context: HookExtensionContext,
	{ settingsPath, print }: { settingsPath: string; print: Print },
): Promise<void> {
	const file = await readYamlFile(settingsPath);

	if (file === null) {
		print(`settings skipped: ${settingsPath} is absent or empty`);
		return;
	}

	const sha256 = createHash('sha256').update(file.text.replaceAll('\r', '')).digest('hex');
	const applied = await readState<{ sha256: string }>(context.database, STATE_KEY);

	if (applied?.sha256 === sha256) {
		print('settings unchanged since they were last applied');
		return;
	}

	const declared = settingsFile.safeParse(file.content);

	if (!declared.success) {
		const problems = problemsOf(declared.error).map(({ path, message }) => `${path}: ${message}`);
		throw new Error(`${settingsPath} is not of the expected form: ${problems.join('; ')}`);
	}

	const presets = await writeSettings(context, declared.data, sha256);
	print(`settings applied (${Object.keys(declared.data.settings).length} settings, ${presets} presets added)`);
}

async function writeSettings(
	{ services, database, getSchema }: HookExtensionContext,
	declared: SettingsFile,
	sha256: string,
): Promise<number> {
	const schema = await getSchema({ bypassCache: true });

	return database.transaction(async (transaction) => {
		const settings = new services.SettingsService({ knex: transaction, schema });
		const presets = new services.PresetsService({ knex: transaction, schema });
		let added = 0;

		await settings.upsertSingleton(declared.settings as Item);

		for (const preset of declared.presets) {
			const existing = await transaction('directus_presets')
				.where({ collection: preset.collection, ...DEFAULT_PRESET })
				.first();

			if (existing) continue;
			await presets.createOne({ ...preset, ...DEFAULT_PRESET });
			added += 1;
		}

		await writeState(transaction, STATE_KEY, { sha256 });
		return added;
	});
}
