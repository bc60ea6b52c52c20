import type { Knex } from 'knex';
import type { SchemaOverview } from '@directus/types';
import { readYamlFile } from '../../lib/yaml-file.js';
import type { Print } from '../../lib/log.js';
import { consistencyProblems } from '../../access/policies/consistency.js';
import { parseAccess, type AccessFile } from '../../access/policies/form.js';
import { permissionProblems } from '../../access/policies/rules/permission.js';
import { readNames } from '../../access/policies/rules/schema-names.js';
import { readPendingSettings, type PendingSettings } from '../settings/pending.js';
import { readRoleIds, type RoleIds } from '../settings/presets.js';
import { settingsProblems } from '../settings/validate.js';

interface ConfigPaths {
	accessPath: string;
	settingsPath: string;
	print: Print;
}

export interface Config {
	/** null: nothing to apply. */
	access: AccessFile | null;
	/** likewise */
	settings: PendingSettings | null;
	roles: RoleIds;
}

/**
 * Reads both files and holds them against each other and the live schema; null leaves the schema out.
 * @throws Error[] with all that is wrong with them, each naming its file.
 */
export async function readConfig(
	database: Knex,
	schema: SchemaOverview | null,
	{ accessPath, settingsPath, print }: ConfigPaths,
): Promise<Config> {
	const access = await readAccess(accessPath);
	if (access === null) print(`access: skipped, ${accessPath} is absent or empty`);

	const settings = await readPendingSettings(database, settingsPath, print);
	const refused: Error[] = [];

	const refuse = (path: string, problems: string[]) => {
		if (problems.length > 0) refused.push(new Error(`${path} cannot be applied: ${problems.join('; ')}`));
	};

	const names = schema === null ? null : await readNames(database, schema);

	if (access !== null) {
		refuse(accessPath, [...consistencyProblems(access), ...(names === null ? [] : permissionProblems(access, names))]);
	}

	const roles = await readRoleIds(database, access);
	if (settings !== null && names !== null) refuse(settingsPath, settingsProblems(settings.declared, names, roles));
	if (refused.length > 0) throw refused;
	return { access, settings, roles };
}

/** @returns null where nothing is declared: comments alone declare nothing, as white space does. */
async function readAccess(path: string): Promise<AccessFile | null> {
	const file = await readYamlFile(path);
	return file === null || (file.content ?? null) === null ? null : parseAccess(path, file.content);
}
