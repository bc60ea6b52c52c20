import type { ActionEventParams, HookExtensionContext, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { administrator } from '../../extensions/trm/src/access/administrator.js';
import type { Credentials } from './credentials.js';
import type { SeedRow } from './seed.js';
import { namingRow } from './refused-row.js';
import { USER_ROLES, type UserRole } from './user-roles.js';

interface UsersService {
	createOne(user: object, options: object): Promise<unknown>;
}

/** Where the rows of directus_users.csv ended up. */
export interface SeededUsers {
	/** The id of each row's user. */
	ids: Map<SeedRow, string>;
	/** E-mail addresses of those who were made now. */
	created: string[];
	/** The others: users with these addresses were there and are left as they are, whoever made them. */
	kept: string[];
}

/**
 * Creates the missing users through Directus's own service, with what `credentials` tells to sign in with; null: nothing, so that
 * they cannot sign in.
 * @throws Error with file and line of the row where its role does not exist or Directus refused it.
 */
export async function writeUsers(
	context: HookExtensionContext,
	transaction: Knex.Transaction,
	schema: SchemaOverview,
	rows: SeedRow[],
	credentials: Credentials | null,
	onAction: (action: ActionEventParams) => void,
): Promise<SeededUsers> {
	await requireRoles(transaction, rows);
	const existing = await existingUsers(transaction, rows);
	const seeded: SeededUsers = { ids: new Map(), created: [], kept: [] };
	const service = new context.services.UsersService({
		accountability: administrator,
		knex: transaction,
		schema,
	}) as unknown as UsersService;

	for (const row of rows) {
		const { email, role, ...names } = row.fields as { email: string; role: string };
		const found = existing.get(email);
		seeded.ids.set(row, found ?? row.id);

		if (found !== undefined) {
			seeded.kept.push(email);
			continue;
		}

		const user = { id: row.id, email, ...names, ...credentials?.secretFor(email, role), role: roleOf(row).id };
		await namingRow(row, () => service.createOne(user, { bypassEmitAction: onAction }));
		seeded.created.push(email);
	}

	return seeded;
}

function roleOf(row: SeedRow): UserRole {
	return USER_ROLES[String(row.fields['role'])] as UserRole;
}

async function requireRoles(transaction: Knex.Transaction, rows: SeedRow[]): Promise<void> {
	const ids = await transaction('directus_roles').pluck('id');
	const missing = rows.find((row) => !ids.includes(roleOf(row).id));
	if (missing === undefined) return;

	throw new Error(
		`${missing.file}:${missing.line}: the role ${missing.fields['role']} (${roleOf(missing).id}) does not exist. ` +
			'Apply the access first, as a boot does: trm config apply. Nothing was written.',
	);
}

/** By address in lower case, as Directus compares them. */
async function existingUsers(transaction: Knex.Transaction, rows: SeedRow[]): Promise<Map<string, string>> {
	const emails = rows.map(({ fields }) => String(fields['email']));
	const users = await transaction('directus_users')
		.select<{ id: string; email: string }[]>('id', transaction.raw('lower(email) AS email'))
		.whereRaw('lower(email) = ANY(?)', [emails]);

	return new Map(users.map(({ id, email }) => [email, id]));
}
