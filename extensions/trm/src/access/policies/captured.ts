import { isDeepStrictEqual } from 'node:util';
import { ACTIONS, type AccessFile, type Action, type DeclaredPermission, type DeclaredPolicy } from './form.js';
import { orNone } from './plan.js';
import type { LiveAccess, PermissionRow } from './rows.js';

export interface Captured {
	file: AccessFile;
	/** What the file declares and the database does not have, by its name. */
	missing: string[];
	/** What the database has and the form cannot hold: a second permission for the same collection and action. */
	left: string[];
}

/**
 * What the file declares as the database has it. What stands in both keeps the file's place and spelling, so that a file in
 * canonical form that was applied comes back the same; what is new is added in the order of the alphabet.
 */
export function capture(file: AccessFile, live: LiveAccess): Captured {
	const roles = file.roles.flatMap((declared) => {
		const row = live.roles.find(({ id }) => id === declared.id);
		return row === undefined ? [] : [{ ...row, policies: linkedTo(row.id) }];
	});

	const policies = file.policies.flatMap((declared): DeclaredPolicy[] => {
		const row = live.policies.find(({ id }) => id === declared.id);
		return row === undefined ? [] : [{ ...row, permissions: permissionsOf(declared, live) }];
	});

	const known = [...roles, ...policies].map(({ id }) => id);
	const missing = [...file.roles, ...file.policies].filter(({ id }) => !known.includes(id)).map(({ name }) => name);
	return { file: { roles, public: linkedTo(null), policies }, missing, left: leftOf(file, live) };

	function linkedTo(role: string | null): string[] {
		const ids = live.links
			.filter((link) => link.user === null && link.role === role)
			.map(({ policy }) => policy)
			.filter((id) => live.policies.some((row) => row.id === id) && file.policies.some((policy) => policy.id === id));

		return [...new Set(ids)];
	}
}

function permissionsOf({ id, permissions: declared }: DeclaredPolicy, live: LiveAccess): DeclaredPolicy['permissions'] {
	const rows = live.permissions.filter(({ policy }) => policy === id);
	const added = rows.map(({ collection }) => collection).filter((name) => !Object.hasOwn(declared, name));

	return Object.fromEntries(
		[...Object.keys(declared), ...[...new Set(added)].sort()].flatMap((collection) => {
			const actions = ACTIONS.flatMap((action): [Action, DeclaredPermission][] => {
				const row = rows.find((one) => one.collection === collection && one.action === action);
				return row === undefined ? [] : [[action, contentOf(row, declared[collection]?.[action])]];
			});

			return actions.length === 0 ? [] : [[collection, Object.fromEntries(actions)]];
		}),
	);
}

function contentOf(row: PermissionRow, declared: DeclaredPermission | undefined): DeclaredPermission {
	const live: DeclaredPermission = {
		fields: row.fields,
		filter: row.permissions,
		validation: row.validation,
		presets: row.presets,
	};
	if (declared === undefined) return live;

	// Equal but written otherwise, as none and empty are: the file's way.
	const keep = <Key extends keyof DeclaredPermission>(key: Key) =>
		isDeepStrictEqual(orNone(live[key]), orNone(declared[key])) ? declared[key] : live[key];

	return { fields: keep('fields'), filter: keep('filter'), validation: keep('validation'), presets: keep('presets') };
}

function leftOf(file: AccessFile, live: LiveAccess): string[] {
	const seen = new Set<string>();

	return live.permissions.flatMap(({ policy, collection, action }) => {
		const name = file.policies.find(({ id }) => id === policy)?.name;
		const key = `${policy} ${collection}.${action}`;
		if (name === undefined) return [];
		if (seen.has(key)) return [`a second permission for ${collection}.${action} of ${JSON.stringify(name)}`];

		seen.add(key);
		return [];
	});
}
