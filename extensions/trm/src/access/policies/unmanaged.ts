import type { AccessFile } from './form.js';
import { quote } from './plan.js';
import type { LiveAccess, PolicyRow, Remembered, RoleRow } from './rows.js';

/** Made by an administrator: nothing here changes it, but it gives rights that no file tells of. */
export interface Unmanaged {
	kind: 'role' | 'policy' | 'permission' | 'link';
	/** as of a difference: `policy "By hand"`, `link "Staff" → "By hand"` */
	name: string;
	id: string;
}

/** Directus's own policy for everybody, the same in every installation. It has no permissions until somebody gives it one. */
const PUBLIC_POLICY = 'abf8a154-5b1c-4a46-ac9c-7300570f4f17';

/** What the bootstrap gives the first administrator; its ids are random. */
const isBuiltInAdministrator = ({ name, description }: RoleRow | PolicyRow) =>
	name === 'Administrator' && description === '$t:admin_description';

/** What is in the database, gives rights, and was neither declared nor made by Directus itself. */
export function unmanagedAccess(file: AccessFile, live: LiveAccess, remembered: Remembered): Unmanaged[] {
	const roles = new Set(file.roles.map(({ id }) => id));
	const policies = new Set(file.policies.map(({ id }) => id));
	// What was declared once is a difference: it waits to be deleted.
	const waiting = new Set([...Object.keys(remembered.roles), ...Object.keys(remembered.policies)]);
	const builtIn = new Set([
		PUBLIC_POLICY,
		...live.roles.filter(isBuiltInAdministrator).map(({ id }) => id),
		...live.policies.filter((policy) => policy.admin_access && isBuiltInAdministrator(policy)).map(({ id }) => id),
	]);

	const isOthers = (declared: Set<string>) => (id: string) => !declared.has(id) && !waiting.has(id) && !builtIn.has(id);
	const nameOf = (rows: { id: string; name: string }[], id: string) =>
		quote(rows.find((row) => row.id === id)?.name ?? id);

	return [
		...live.roles
			.filter(({ id }) => isOthers(roles)(id))
			.map(({ id, name }): Unmanaged => ({ kind: 'role', name: `role ${quote(name)}`, id })),
		...live.policies
			.filter(({ id }) => isOthers(policies)(id))
			.map((policy): Unmanaged => ({ kind: 'policy', name: policyName(policy, live), id: policy.id })),
		...live.permissions
			.filter(({ policy }) => policy === PUBLIC_POLICY && !policies.has(policy))
			.map(({ id, collection, action }): Unmanaged => {
				return { kind: 'permission', name: `permission of everybody ${collection}.${action}`, id: String(id) };
			}),
		...live.links
			.filter(({ role, user, policy }) => {
				if (waiting.has(policy) && !policies.has(policy)) return false;
				if (user !== null) return true;
				if (role === null) return !policies.has(policy) && policy !== PUBLIC_POLICY;
				if (builtIn.has(role) && builtIn.has(policy)) return false;
				return !(roles.has(role) && policies.has(policy)) && (roles.has(role) || !waiting.has(role));
			})
			.map(({ id, role, user, policy }): Unmanaged => {
				const holder = user !== null ? `user ${user}` : role !== null ? nameOf(live.roles, role) : 'everybody';
				return { kind: 'link', name: `link ${holder} → ${nameOf(live.policies, policy)}`, id };
			}),
	];
}

function policyName({ id, name, admin_access }: PolicyRow, { permissions }: LiveAccess): string {
	const count = permissions.filter(({ policy }) => policy === id).length;
	return `policy ${quote(name)} (${admin_access ? 'may do all' : count === 1 ? '1 permission' : `${count} permissions`})`;
}
