import type { Knex } from 'knex';
import { readState, writeState } from '../../lib/state.js';
import type { Action } from './form.js';

export interface RoleRow {
	id: string;
	name: string;
	icon: string;
	description: string | null;
	parent: string | null;
}

export interface PolicyRow {
	id: string;
	name: string;
	icon: string;
	description: string | null;
	app_access: boolean;
	admin_access: boolean;
	enforce_tfa: boolean;
	ip_access: string[] | null;
}

type Mapping = Record<string, unknown>;

export interface PermissionRow {
	id: number;
	policy: string;
	collection: string;
	action: Action;
	fields: string[] | null;
	permissions: Mapping | null;
	validation: Mapping | null;
	presets: Mapping | null;
}

/** Who has a policy: a role, a user, or with neither everybody. */
export interface LinkRow {
	id: string;
	role: string | null;
	user: string | null;
	policy: string;
	sort: number | null;
}

/** Roles, policies, permissions and links as they are in the database. */
export interface LiveAccess {
	roles: RoleRow[];
	policies: PolicyRow[];
	permissions: PermissionRow[];
	links: LinkRow[];
}

export async function readLiveAccess(database: Knex): Promise<LiveAccess> {
	const roles = await database<RoleRow>('directus_roles')
		.select('id', 'name', 'icon', 'description', 'parent')
		.orderBy(['name', 'id']);

	const policies = await database('directus_policies')
		.select('id', 'name', 'icon', 'description', 'app_access', 'admin_access', 'enforce_tfa', 'ip_access')
		.orderBy(['name', 'id']);

	const permissions = await database('directus_permissions')
		.select('id', 'policy', 'collection', 'action', 'fields', 'permissions', 'validation', 'presets')
		.orderBy('id');

	const links = await database<LinkRow>('directus_access')
		.select('id', 'role', 'user', 'policy', 'sort')
		.orderBy(['sort', 'id']);

	return {
		roles,
		policies: policies.map((row) => ({ ...row, ip_access: listOf(row.ip_access) })),
		permissions: permissions.map((row) => ({ ...row, fields: listOf(row.fields) })),
		links,
	};
}

/** Directus keeps its lists of words as text with commas; an empty one and none mean the same to it. */
function listOf(text: string | null): string[] | null {
	return text === null || text === '' ? null : text.split(',');
}

/** The roles and policies that the file declared when it was applied last, by id with their names. */
export interface Remembered {
	roles: Record<string, string>;
	policies: Record<string, string>;
}

const STATE_KEY = 'access';

export async function readRemembered(database: Knex): Promise<Remembered> {
	return (await readState<Remembered>(database, STATE_KEY)) ?? { roles: {}, policies: {} };
}

export async function writeRemembered(database: Knex, remembered: Remembered): Promise<void> {
	await writeState(database, STATE_KEY, remembered);
}

/** How many users lose rights with a role or policy; a policy counts for the roles below those that have it, too. */
export async function countUsers(database: Knex, table: 'roles' | 'policies', id: string): Promise<number> {
	const start =
		table === 'roles'
			? 'SELECT ?::uuid AS id'
			: 'SELECT role AS id FROM directus_access WHERE policy = ? AND role IS NOT NULL';
	const tree = `WITH RECURSIVE tree AS (${start} UNION SELECT child.id FROM directus_roles child JOIN tree ON child.parent = tree.id)`;
	const direct = table === 'roles' ? 'false' : 'id IN (SELECT "user" FROM directus_access WHERE policy = ?)';

	const { rows } = await database.raw<{ rows: { count: string }[] }>(
		`${tree} SELECT count(*) FROM directus_users WHERE role IN (SELECT id FROM tree) OR ${direct}`,
		table === 'roles' ? [id] : [id, id],
	);

	return Number(rows[0]?.count ?? 0);
}
