import { isDeepStrictEqual } from 'node:util';
import type { HookExtensionContext, Item } from '@directus/types';
import { readYamlFile } from '../../lib/yaml-file.js';
import { parseSettings } from './form.js';
import { hasPreset, identityOf, nameOf, type RoleIds } from './presets.js';

/** One declared setting or preset that the database does not have as declared. */
export interface SettingsDrift {
	/** `settings.project_name`, `presets.vehicles`, `presets.entries for Operator "Not started"` */
	name: string;
	/** `missing`: a preset that was deleted. */
	state: 'missing' | 'different';
	database: unknown;
	snapshot: unknown;
}

/**
 * How the live settings differ from the declared ones. Only what is declared counts, and of a preset only that it is there:
 * an administrator may change both (settings are applied once for each state of the file).
 * @returns null where nothing is declared.
 */
export async function findSettingsDrift(
	context: HookExtensionContext,
	settingsPath: string,
	roles: RoleIds,
): Promise<SettingsDrift[] | null> {
	const { services, database, getSchema } = context;
	const file = await readYamlFile(settingsPath);
	if (file === null || (file.content ?? null) === null) return null;

	const { settings, presets } = parseSettings(settingsPath, file.content);
	const schema = await getSchema({ bypassCache: true });
	const live = (await new services.SettingsService({ knex: database, schema }).readSingleton({})) as Item;
	const missing: SettingsDrift[] = [];

	for (const preset of presets) {
		const identity = identityOf(preset, roles);
		if (identity !== null && (await hasPreset(database, identity))) continue;
		missing.push({ name: nameOf(preset), state: 'missing', database: null, snapshot: null });
	}

	return [...settingsDriftOf(settings, live), ...missing];
}

export function settingsDriftOf(declared: Record<string, unknown>, live: Item): SettingsDrift[] {
	return Object.entries(declared)
		.filter(([name, value]) => !isDeepStrictEqual(value, live[name] ?? null))
		.map(([name, value]) => {
			return { name: `settings.${name}`, state: 'different', database: live[name] ?? null, snapshot: value };
		});
}
