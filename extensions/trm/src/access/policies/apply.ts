import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { HookExtensionContext, SchemaOverview } from '@directus/types';
import { countKinds, tellPlan, type Print } from '../../lib/log.js';
import { lineOf } from './changes.js';
import type { AccessFile } from './form.js';
import { planAccess, type AccessPlan, type Removal } from './plan.js';
import { countUsers, readLiveAccess, readRemembered, writeRemembered, type Remembered } from './rows.js';
import { writeAccess } from './write.js';

interface AccessOptions {
	path: string;
	allowDelete: boolean;
	print: Print;
}

/**
 * Brings roles, policies, permissions and links to the file, within the caller's transaction, and reads back that they are.
 * @returns what was written, as `9 roles, 65 permissions`; empty for nothing.
 * @throws Error where an id is taken, a deletion was not asked for, or something is refused or turns out otherwise.
 */
export async function applyAccess(
	context: HookExtensionContext,
	transaction: Knex.Transaction,
	schema: SchemaOverview,
	file: AccessFile,
	{ path, allowDelete, print }: AccessOptions,
): Promise<string> {
	const plan = await planNow(transaction, file);
	tellPlan(plan.changes.map(lineOf), print);
	if (plan.conflicts.length > 0) throw new Error(`${path} cannot be applied: ${plan.conflicts.join('; ')}`);
	if (plan.removals.length > 0 && !allowDelete) throw new Error(await refusalOf(transaction, path, plan.removals));

	await writeAccess(context, transaction, schema, plan.changes);

	const rest = plan.changes.length === 0 ? plan : await planNow(transaction, file);
	if (rest.changes.length > 0) {
		throw new Error(
			`${path} was written, but the database still differs, so nothing is applied: ${rest.changes.map(lineOf).join('; ')}`,
		);
	}

	const declared: Remembered = {
		roles: Object.fromEntries(file.roles.map(({ id, name }) => [id, name])),
		policies: Object.fromEntries(file.policies.map(({ id, name }) => [id, name])),
	};

	const remembered = await readRemembered(transaction);
	if (!isDeepStrictEqual(remembered, declared)) await writeRemembered(transaction, declared);
	return countKinds(plan.changes.map(({ kind }) => kind));
}

export async function planNow(database: Knex, file: AccessFile): Promise<AccessPlan> {
	return planAccess(file, await readLiveAccess(database), await readRemembered(database));
}

async function refusalOf(database: Knex, path: string, removals: Removal[]): Promise<string> {
	const lines: string[] = [];

	for (const { kind, id, name } of removals) {
		const users = await countUsers(database, kind === 'role' ? 'roles' : 'policies', id);
		lines.push(`${kind} ${JSON.stringify(name)} (${users === 1 ? '1 user' : `${users} users`})`);
	}

	return (
		`the plan would delete what ${path} declared before and does not any more: ${lines.join(', ')}. ` +
		'Directus suspends the users of a deleted role, and with a policy they lose its rights. ' +
		'Put it back into the file, or set ACCESS_ALLOW_DELETE=true (or --allow-delete) for this one time.'
	);
}
