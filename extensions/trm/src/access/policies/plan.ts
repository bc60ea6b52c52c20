import { isDeepStrictEqual } from 'node:util';
import { v5 } from 'uuid';
import { ACTIONS, placeOf, type AccessFile, type DeclaredPolicy, type DeclaredRole } from './form.js';
import { creation, deletion, update, type Change, type PropertyDifference } from './changes.js';
import type { LinkRow, LiveAccess, PermissionRow, Remembered } from './rows.js';

/** Never to be changed: the ids of the links in every database are derived from it. */
const NAMESPACE = '0b8d0c1e-52a7-5f0e-8a43-7d6e2b9c4f15';

/** A role or policy that the file declared once and does not any more. */
export interface Removal {
	kind: 'role' | 'policy';
	id: string;
	name: string;
}

export interface AccessPlan {
	changes: Change[];
	removals: Removal[];
	/** Why nothing may be written, with the places in the file. */
	conflicts: string[];
}

/** What brings the database to what the file declares. What neither declares nor remembers is not looked at. */
export function planAccess(file: AccessFile, live: LiveAccess, remembered: Remembered): AccessPlan {
	const removals = removalsOf(file, live, remembered);
	const removed = new Set(removals.map(({ id }) => id));

	return {
		changes: [
			...file.roles.flatMap((role) => roleChanges(role, live)),
			...file.policies.flatMap((policy) => policyChanges(policy, live)),
			...file.policies.flatMap((policy) => permissionChanges(policy, live)),
			...linkChanges(file, live, removed),
			...removals.map(({ kind, id, name }) => deletion(kind, `${kind} ${quote(name)}`, id)),
		],
		removals,
		conflicts: conflictsOf(file, live, remembered),
	};
}

export const quote = (text: string) => JSON.stringify(text);

export const linkId = (role: string | null, policy: string) => v5(`${role ?? 'public'}:${policy}`, NAMESPACE);

function removalsOf(file: AccessFile, live: LiveAccess, remembered: Remembered): Removal[] {
	const gone = (
		kind: Removal['kind'],
		declared: { id: string }[],
		known: Record<string, string>,
		rows: { id: string; name: string }[],
	) =>
		rows
			.filter(({ id }) => Object.hasOwn(known, id) && !declared.some((one) => one.id === id))
			.map(({ id, name }) => ({ kind, id, name }));

	return [
		...gone('policy', file.policies, remembered.policies, live.policies),
		...gone('role', file.roles, remembered.roles, live.roles),
	];
}

/** An id that is somebody else's here: to take it over would rename what an administrator made. */
function conflictsOf(file: AccessFile, live: LiveAccess, remembered: Remembered): string[] {
	const taken = (list: 'roles' | 'policies') =>
		file[list].flatMap(({ id, name }, index) => {
			const row = live[list].find((one) => one.id === id);
			if (row === undefined || row.name === name || Object.hasOwn(remembered[list], id)) return [];

			return [
				`${placeOf(list, index, name)}.id: ${id} is the id of ${quote(row.name)} in this database, which no file ` +
					'declared so far; give it that name to take it over, or another id',
			];
		});

	return [...taken('roles'), ...taken('policies')];
}

function roleChanges({ id, name: named, icon, description, parent }: DeclaredRole, live: LiveAccess): Change[] {
	const role = { id, name: named, icon, description, parent };
	const name = `role ${quote(role.name)}`;
	const row = live.roles.find((one) => one.id === id);
	return row === undefined ? [creation('role', name, role)] : update('role', name, id, differencesOf(row, role));
}

function policyChanges(policy: DeclaredPolicy, live: LiveAccess): Change[] {
	const name = `policy ${quote(policy.name)}`;
	const { id, icon, description, app_access, admin_access, enforce_tfa } = policy;
	const ip_access = policy.ip_access?.length === 0 ? null : policy.ip_access;
	const declared = { id, name: policy.name, icon, description, app_access, admin_access, enforce_tfa, ip_access };
	const row = live.policies.find((one) => one.id === id);

	return row === undefined
		? [creation('policy', name, declared)]
		: update('policy', name, id, differencesOf(row, declared));
}

function differencesOf(row: object, declared: object): PropertyDifference[] {
	const live = row as Record<string, unknown>;

	return Object.entries(declared)
		.filter(([path, snapshot]) => !isDeepStrictEqual(live[path], snapshot))
		.map(([path, snapshot]) => ({ path, database: live[path] ?? null, snapshot }));
}

/** The declared permissions are all that the policy has: one that somebody added goes. */
function permissionChanges(policy: DeclaredPolicy, live: LiveAccess): Change[] {
	const rows = live.permissions.filter((row) => row.policy === policy.id);
	const kept = new Set<PermissionRow>();
	const nameOf = (collection: string, action: string) => `permission ${quote(policy.name)} ${collection}.${action}`;

	const declared = Object.entries(policy.permissions).flatMap(([collection, actions]) =>
		ACTIONS.flatMap((action): Change[] => {
			const permission = actions[action];
			if (permission === undefined) return [];

			const { fields, filter, validation, presets } = permission;
			const wanted = { fields, permissions: filter, validation, presets };
			const same = rows.filter((row) => row.collection === collection && row.action === action);
			const row = same.find((one) => permissionDifferences(one, wanted).length === 0) ?? same[0];
			const name = nameOf(collection, action);
			if (row === undefined)
				return [creation('permission', name, { policy: policy.id, collection, action, ...wanted })];

			kept.add(row);
			return update('permission', name, row.id, permissionDifferences(row, wanted));
		}),
	);

	const extra = rows
		.filter((row) => !kept.has(row))
		.map(({ id, collection, action }) => deletion('permission', nameOf(collection, action), id));

	return [...declared, ...extra];
}

type PermissionContent = Pick<PermissionRow, 'fields' | 'permissions' | 'validation' | 'presets'>;

function permissionDifferences(row: PermissionContent, wanted: PermissionContent) {
	return (['fields', 'permissions', 'validation', 'presets'] as const)
		.filter((column) => !isDeepStrictEqual(orNone(row[column]), orNone(wanted[column])))
		.map((column) => {
			return {
				path: column === 'permissions' ? 'filter' : column,
				column,
				database: row[column],
				snapshot: wanted[column],
			};
		});
}

/** Directus takes an empty filter, list or mapping for none. */
export function orNone(value: object | null): object | null {
	return value === null || Object.keys(value).length === 0 ? null : value;
}

/** Between what is declared only: an administrator may link a policy of his own to a declared role, or a user to a declared policy. */
function linkChanges(file: AccessFile, live: LiveAccess, removed: Set<string>): Change[] {
	const policyNames = new Map(file.policies.map(({ id, name }) => [id, name]));
	const holders = [
		{ role: null, name: 'everybody', policies: file.public },
		...file.roles.map(({ id, name, policies }) => ({ role: id, name: quote(name), policies })),
	];

	return holders.flatMap(({ role, name, policies }) => {
		const rows = live.links.filter((link) => link.user === null && link.role === role && !removed.has(link.policy));
		const kept = new Set<LinkRow>();
		const nameOf = (policy: string) => `link ${name} → ${quote(policyNames.get(policy) ?? policy)}`;

		const declared = policies.flatMap((policy, index): Change[] => {
			const same = rows.filter((link) => link.policy === policy);
			const row = same.find(({ id }) => id === linkId(role, policy)) ?? same[0];
			const sort = index + 1;
			if (row === undefined)
				return [creation('link', nameOf(policy), { id: linkId(role, policy), role, policy, sort })];

			kept.add(row);
			const properties = row.sort === sort ? [] : [{ path: 'sort', database: row.sort, snapshot: sort }];
			return update('link', nameOf(policy), row.id, properties);
		});

		const extra = rows
			.filter((link) => policyNames.has(link.policy) && !kept.has(link))
			.map((link) => deletion('link', nameOf(link.policy), link.id));

		return [...declared, ...extra];
	});
}
