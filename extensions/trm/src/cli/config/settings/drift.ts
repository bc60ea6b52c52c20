import { isDeepStrictEqual } from 'node:util';
import type { HookExtensionContext, Item } from '@directus/types';
import { readYamlFile } from '../../../shared/yaml-file.js';
import { DEFAULT_PRESET } from './apply.js';
import { parseSettings } from './form.js';

/** One declared setting or default layout that the database does not have as declared. */
export interface SettingsDrift {
	/** `settings.project_name`, `presets.vehicles` */
	name: string;
	/** `missing`: a default layout that was deleted. */
	state: 'missing' | 'different';
	database: unknown;
	snapshot: unknown;
}

/**
 * How the live settings differ from the declared ones. Only what is declared counts, and of a layout only that it is there:
 * an administrator may change both (settings are applied once for each state of the file).
 * @returns null where nothing is declared.
 */
export async function findSettingsDrift(
	context: HookExtensionContext,
	settingsPath: string,
): Promise<SettingsDrift[] | null> {
	const { services, database, getSchema } = context;
	const file = await readYamlFile(settingsPath);
	if (file === null || (file.content ?? null) === null) return null;

	const { settings, presets } = parseSettings(settingsPath, file.content);
	const schema = await getSchema({ bypassCache: true });
	const live = (await new services.SettingsService({ knex: database, schema }).readSingleton({})) as Item;
	const layouts = await database('directus_presets').where(DEFAULT_PRESET).pluck('collection');

	return [
		...settingsDriftOf(settings, live),
		...presets
			.filter(({ collection }) => !layouts.includes(collection))
			.map(({ collection }) => {
				return { name: `presets.${collection}`, state: 'missing' as const, database: null, snapshot: null };
			}),
	];
}

export function settingsDriftOf(declared: Record<string, unknown>, live: Item): SettingsDrift[] {
	return Object.entries(declared)
		.filter(([name, value]) => !isDeepStrictEqual(value, live[name] ?? null))
		.map(([name, value]) => {
			return { name: `settings.${name}`, state: 'different', database: live[name] ?? null, snapshot: value };
		});
}
