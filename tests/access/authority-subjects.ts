import { newNumber } from './rows.js';
import { canary } from './side.js';
import type { Context, Subject } from './subject.js';
import { somebody, subjectOf } from './system-subject.js';
import { userRow } from './world.js';

const users: Subject = {
	...subjectOf({
		collection: 'directus_users',
		row: ({ world }) => userRow(world.roles['Staff'] as string),
		data: ({ world }) => ({ ...userRow(world.roles['Staff'] as string), id: undefined }),
		mark: 'email',
		update: () => ({ language: 'de-DE' }),
	}),
	target: somebody,
	// Oneself could not be deleted and go on.
	updates: (context) => [
		{
			id: context.situation === 'own' && context.role !== 'administrator' ? context.person : addUser(context, false),
			data: { language: 'de-DE' },
		},
	],
	deletions: (context) => [
		context.situation === 'own' && context.role !== 'administrator' ? context.person : addUser(context, false),
	],
};

function addUser({ world, batch }: Context, colleague: boolean): string {
	const user = batch.add('directus_users', userRow(world.roles['Staff'] as string));
	const organization = colleague ? world.own.organization : world.foreign.organization;
	batch.add('organization_users', { organization, user, role: 'viewer' });
	return user;
}

const colleagues: Subject = {
	...users,
	// No way from a membership: only those who decide about them see other people's.
	target: ({ world }) => world.colleague,
	updates: (context) => [{ id: addUser(context, true), data: { language: 'de-DE' } }],
	deletions: (context) => [addUser(context, true)],
};

const roles = subjectOf({
	collection: 'directus_roles',
	row: () => ({ name: canary() }),
	mark: 'name',
	update: () => ({ description: canary() }),
});

/** A policy that gives everything: whoever could make, change or attach one would be the administrator. */
const policyRow = () => ({ name: canary(), admin_access: true, app_access: true, enforce_tfa: false });
const addPolicy = ({ batch }: Context) => batch.add('directus_policies', policyRow());

const policies = subjectOf({
	collection: 'directus_policies',
	row: policyRow,
	mark: 'name',
	update: () => ({ description: canary() }),
});

const permissionRow = (policy: string) => ({
	policy,
	collection: canary(),
	action: 'read',
	permissions: {},
	fields: '*',
});

const permissions = subjectOf({
	collection: 'directus_permissions',
	row: (context) => ({ ...permissionRow(addPolicy(context)), id: newNumber() }),
	data: (context) => ({ ...permissionRow(addPolicy(context)), id: undefined, fields: ['*'] }),
	mark: 'collection',
	update: () => ({ fields: ['id'] }),
});

const access = subjectOf({
	collection: 'directus_access',
	row: (context) => ({ policy: addPolicy(context), user: context.world.stranger }),
	data: (context) => ({ policy: addPolicy(context), user: context.person }),
	mark: 'policy',
	update: () => ({ sort: 7 }),
});

/** What decides who may do what: users, roles, policies, permissions. */
export const authoritySubjects: Record<string, Subject> = {
	directus_users: users,
	'directus_users[colleague]': colleagues,
	// The own role is not changed: it is everybody's.
	directus_roles: {
		...roles,
		target: (context) => ownRole(context) ?? roles.target(context),
		updates: (context) => [{ id: ownRole(context) ?? roles.target(context), data: { description: canary() } }],
		deletions: (context) => [ownRole(context) ?? roles.target(context)],
	},
	directus_policies: policies,
	directus_permissions: permissions,
	directus_access: access,
};

function ownRole({ world, role, situation }: Context): string | null {
	if (situation !== 'own') return null;
	return world.personRoles[role] ?? null;
}
