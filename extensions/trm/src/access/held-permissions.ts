import type { Accountability, Filter, PermissionsAction } from '@directus/types';
import { parseFilter } from '@directus/utils';
import type { Knex } from 'knex';
import { CALLER_LISTS } from './caller-lists/lists.js';
import { isAllowedFrom } from './ip-access.js';
import { remembered } from './request-memory.js';

/** One permission of the caller, for the action and collection that were asked about. */
export interface HeldPermission {
	/** `*` for all */
	fields: string[];
	/** with the caller's values for its variables; null or empty: every row */
	filter: Filter | null;
	/** what the payload of a write has to match, with the same values */
	validation: Filter | null;
	presets: Record<string, unknown>;
	/** held by everybody, signed in or not */
	everybodys: boolean;
}

/**
 * The permissions of a caller for one action on one collection, as Directus finds them: those of the policies of his
 * roles and his own, and the public ones for somebody without a role.
 */
const SELECT_PERMISSIONS = `
	SELECT permission.fields, permission.permissions AS filter, permission.validation, permission.presets, policy.ip_access,
		json_build_object(${CALLER_LISTS.map((list) => `'${list}', caller.${list}`).join(', ')}) AS lists,
		EXISTS (
			SELECT FROM directus_access AS access
			WHERE access.policy = policy.id AND access.role IS NULL AND access."user" IS NULL
		) AS everybodys
	FROM directus_permissions AS permission
	JOIN directus_policies AS policy ON policy.id = permission.policy
	LEFT JOIN directus_users AS caller ON caller.id = CAST(:user AS uuid)
	WHERE permission.collection = :collection AND permission.action = :action
		AND EXISTS (
			SELECT FROM directus_access AS access
			WHERE access.policy = policy.id
				AND (
					access."user" = CAST(:user AS uuid)
					OR access.role = ANY(CAST(:roles AS uuid[]))
					OR (CAST(:anyRole AS boolean) IS FALSE AND access.role IS NULL AND access."user" IS NULL)
				)
		)
	ORDER BY permission.id`;

interface PermissionRow {
	fields: string | null;
	filter: Filter | string | null;
	validation: Filter | string | null;
	presets: Record<string, unknown> | string | null;
	ip_access: string | null;
	/** what `$CURRENT_USER.…` of access.yaml stands for */
	lists: Record<string, unknown>;
	everybodys: boolean;
}

const ofTransaction = new WeakMap<Knex, Map<string, Promise<HeldPermission[]>>>();

/**
 * @returns the caller's permissions; read once within a transaction, since one call may write thousands of items, and once for a request that
 * only reads.
 */
export async function permissionsOf(
	database: Knex,
	caller: Accountability,
	action: PermissionsAction,
	collection: string,
): Promise<HeldPermission[]> {
	const key = JSON.stringify([caller.user, caller.roles, caller.ip, action, collection]);
	const read = () => readPermissions(database, caller, action, collection);
	if (!database.isTransaction) return remembered(key, read);

	const known = ofTransaction.get(database) ?? new Map<string, Promise<HeldPermission[]>>();
	ofTransaction.set(database, known);

	const found = known.get(key) ?? read();
	known.set(key, found);
	return found;
}

/** The same as they are now, whatever was read before in the transaction. */
export async function readPermissions(
	database: Knex,
	caller: Accountability,
	action: PermissionsAction,
	collection: string,
): Promise<HeldPermission[]> {
	const { user, roles, ip } = caller;
	const { rows } = await database.raw<{ rows: PermissionRow[] }>(SELECT_PERMISSIONS, {
		collection,
		action,
		user,
		roles,
		anyRole: roles.length > 0,
	});

	const valued = (filter: Filter | string | null, lists: PermissionRow['lists']) =>
		parseFilter(parsed<Filter>(filter), caller, { $CURRENT_USER: lists } as never);

	return rows
		.filter(({ ip_access }) => isAllowedFrom(ip_access, ip))
		.map(({ fields, filter, validation, presets, lists, everybodys }) => ({
			fields: (fields ?? '').split(',').filter(Boolean),
			filter: valued(filter, lists),
			validation: valued(validation, lists),
			presets: parsed<Record<string, unknown>>(presets) ?? {},
			everybodys,
		}));
}

function parsed<T>(json: T | string | null): T | null {
	return typeof json === 'string' ? (JSON.parse(json) as T) : json;
}
