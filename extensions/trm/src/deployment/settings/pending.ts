import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { readState, writeState } from '../../lib/state.js';
import { readYamlFile } from '../../lib/yaml-file.js';
import type { Print } from '../../lib/log.js';
import { parseSettings, type SettingsFile } from './form.js';

export interface PendingSettings {
	path: string;
	declared: SettingsFile;
	sha256: string;
}

const STATE_KEY = 'settings';

/**
 * The declared settings when the file is another than the one applied last.
 * @returns null, with the reason printed, where there is nothing to apply.
 */
export async function readPendingSettings(database: Knex, path: string, print: Print): Promise<PendingSettings | null> {
	const file = await readYamlFile(path);

	// Comments alone declare nothing, as white space does.
	if (file === null || (file.content ?? null) === null) {
		print(`settings: skipped, ${path} is absent or empty`);
		return null;
	}

	const sha256 = createHash('sha256').update(file.text.replaceAll('\r', '')).digest('hex');
	const applied = await readState<{ sha256: string }>(database, STATE_KEY);

	if (applied?.sha256 === sha256) {
		print('settings: unchanged since they were last applied');
		return null;
	}

	return { path, declared: parseSettings(path, file.content), sha256 };
}

export async function rememberSettings(database: Knex, { sha256 }: PendingSettings): Promise<void> {
	await writeState(database, STATE_KEY, { sha256 });
}
