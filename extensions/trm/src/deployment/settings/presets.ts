import type { Knex } from 'knex';
import type { AccessFile } from '../../access/policies/form.js';
import type { Preset } from './form.js';

/** What makes a preset the one it is: of several with the same, Directus's app shows any. */
export interface PresetIdentity {
	collection: string;
	/** null: for everybody */
	role: string | null;
	/** null: how the collection opens; else the name of a bookmark */
	bookmark: string | null;
}

/** The ids of roles, by what settings.yaml may call them: the names of access.yaml, and the id of any role. */
export type RoleIds = Map<string, string>;

export async function readRoleIds(database: Knex, access: AccessFile | null): Promise<RoleIds> {
	const live: string[] = await database('directus_roles').pluck('id');
	const declared = access?.roles ?? [];

	return new Map([
		...[...live, ...declared.map(({ id }) => id)].map((id) => [id, id] as const),
		...declared.map(({ id, name }) => [name, id] as const),
	]);
}

/** @returns null where the role is none. */
export function identityOf({ collection, role, bookmark }: Preset, roles: RoleIds): PresetIdentity | null {
	const id = role === null ? null : roles.get(role);
	return id === undefined ? null : { collection, role: id, bookmark };
}

/** `presets.entries`, `presets.entries for Operator "On the start list"` */
export function nameOf({ collection, role, bookmark }: Preset): string {
	return `presets.${collection}${role === null ? '' : ` for ${role}`}${bookmark === null ? '' : ` ${JSON.stringify(bookmark)}`}`;
}

/** A user's own presets have no part in this. */
export async function hasPreset(database: Knex, identity: PresetIdentity): Promise<boolean> {
	return (
		(await database('directus_presets')
			.where({ ...identity, user: null })
			.first('id')) !== undefined
	);
}
