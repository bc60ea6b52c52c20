import { randomUUID } from 'node:crypto';
import type { MEMBERS } from '../roles.js';
import { canary } from '../side.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

/** The membership that a member has in the own organisation, found by what he may see himself. */
const byQuery = (s: Setting, role: (typeof MEMBERS)[number]) => ({
	filter: { _and: [{ organization: { _eq: s.own.organization } }, { user: { _eq: s.persons[role] } }] },
});

const memberships: Attack[] = [
	...(['timekeeper', 'operator', 'marshal', 'viewer'] as const).flatMap((role): Attack[] => [
		refused(`as ${role}, makes himself owner, race director and operator by a query`, (s) =>
			['owner', 'race_director', 'operator'].map(
				(wanted): Ask => [
					role,
					'PATCH',
					'/items/organization_users',
					{ query: byQuery(s, role), data: { role: wanted } },
				],
			),
		),
		refused(`as ${role}, adds himself to A, to B and to an organisation that shows nothing`, (s) =>
			[s.own.organization, s.foreign.organization, s.quiet].map(
				(organization): Ask => [
					role,
					'POST',
					'/items/organization_users',
					{ organization, user: s.persons[role], role: 'owner' },
				],
			),
		),
		refused(`as ${role}, takes a colleague out of A`, (s) => [
			[role, 'DELETE', `/items/organization_users/${s.memberships.colleague}`],
			[role, 'PATCH', `/items/organization_users/${s.memberships.colleague}`, { role: 'viewer' }],
		]),
	]),
	...(['owner', 'race_director'] as const).flatMap((wanted): Attack[] => [
		refused(`as race director, makes a colleague ${wanted}, in every way there is`, (s) => [
			['race_director', 'PATCH', `/items/organization_users/${s.memberships.colleague}`, { role: wanted }],
			['race_director', 'PATCH', '/items/organization_users', [{ id: s.memberships.colleague, role: wanted }]],
			[
				'race_director',
				'PATCH',
				'/items/organization_users',
				{ keys: [s.memberships.colleague], data: { role: wanted } },
			],
			[
				'race_director',
				'POST',
				'/graphql',
				{
					query: `mutation { update_organization_users_item(id: "${s.memberships.colleague}", data: { role: "${wanted}" }) { id } }`,
				},
			],
		]),
		refused(`as race director, appoints a colleague of the sister organisation ${wanted}`, (s) => [
			'race_director',
			'POST',
			'/items/organization_users',
			[{ organization: s.own.organization, user: s.colleague, role: wanted }],
		]),
	]),
	refused('as race director, makes himself owner', (s) => [
		'race_director',
		'PATCH',
		'/items/organization_users',
		{ query: byQuery(s, 'race_director'), data: { role: 'owner' } },
	]),
	refused('as race director, makes the owner a viewer', (s) => [
		'race_director',
		'PATCH',
		'/items/organization_users',
		{ query: byQuery(s, 'owner'), data: { role: 'viewer' } },
	]),
	refused('as owner, joins B and the organisation that shows nothing', (s) =>
		[s.foreign.organization, s.quiet].map(
			(organization): Ask => [
				'owner',
				'POST',
				'/items/organization_users',
				{ organization, user: s.persons.owner, role: 'viewer' },
			],
		),
	),
	refused("as owner, takes B's owner into A, whom he cannot see", (s) => [
		'owner',
		'POST',
		'/items/organization_users',
		{ organization: s.own.organization, user: s.foreigner, role: 'viewer' },
	]),
	refused('as owner, makes a user by a membership', (s) => [
		'owner',
		'POST',
		'/items/organization_users',
		{
			organization: s.own.organization,
			role: 'viewer',
			user: { email: `${canary()}@example.com`, password: canary(), role: s.administrators.role },
		},
	]),
	refused("as owner, changes B's owner's rank", (s) => [
		'owner',
		'PATCH',
		`/items/organization_users/${s.memberships.foreigner}`,
		{ role: 'viewer' },
	]),
	refused("as owner, throws B's owner out", (s) => [
		['owner', 'DELETE', `/items/organization_users/${s.memberships.foreigner}`],
		['owner', 'DELETE', '/items/organization_users', [s.memberships.foreigner, s.memberships.colleague]],
	]),
	refused('as owner, brings an archived organisation back and archives his own', (s) => [
		'owner',
		'PATCH',
		`/items/organizations/${s.own.organization}`,
		{ status: 'archived' },
	]),
	refused('as dismissed owner, comes back', (s) => [
		[s.dismissed, 'POST', '/items/organization_users', { organization: s.own.organization, role: 'owner' }],
		[s.dismissed, 'PATCH', `/items/organization_users/${s.memberships.colleague}`, { role: 'owner' }],
	]),
	refused('as competitor, takes an office', (s) => [
		'competitor',
		'POST',
		'/items/organization_users',
		{ organization: s.own.organization, user: s.persons.competitor, role: 'owner' },
	]),
];

/** What nobody sets of himself, in whichever way he may change his own name. */
const OWN_FIELDS: [string, (s: Setting) => unknown][] = [
	['role', (s) => s.administrators.role],
	['role', (s) => ({ name: 'mine', policies: [{ policy: s.administrators.policy }] })],
	['policies', (s) => [{ policy: s.administrators.policy }]],
	['policies', () => ({ create: [{ policy: { name: 'mine', admin_access: true } }], update: [], delete: [] })],
	['token', () => 'a-token-that-i-know'],
	['status', () => 'active'],
	['email', () => 'admin@example.com'],
	['tfa_secret', () => 'JBSWY3DPEHPK3PXP'],
	['provider', () => 'ldap'],
	['external_identifier', () => 'somebody'],
	['auth_data', () => ({ refreshToken: 'x' })],
	['id', (s) => s.administrators.user],
	['last_access', () => '2026-01-01T00:00:00Z'],
	['memberships', (s) => [{ organization: s.foreign.organization, role: 'owner' }]],
];

const ownUser: Attack[] = OWN_FIELDS.map(([field, value], index) =>
	refused(`sets his own ${field} (${index + 1})`, (s) => [
		['marshal', 'PATCH', '/users/me', { [field]: value(s) }],
		['owner', 'PATCH', `/users/${s.persons.owner}`, { [field]: value(s) }],
		['competitor', 'PATCH', '/users/me', { [field]: value(s), language: 'en-US' }],
		['viewer', 'PATCH', '/users', [{ id: s.persons.viewer, [field]: value(s), first_name: 'x' }]],
	]),
);

const otherUsers: Attack[] = [
	refused("changes a colleague's password, e-mail, role and name", (s) =>
		[{ password: 'known-to-me' }, { email: 'x@example.com' }, { role: s.administrators.role }, { first_name: 'x' }].map(
			(body): Ask => ['owner', 'PATCH', `/users/${s.colleague}`, body],
		),
	),
	refused("changes the administrator's password", (s) => [
		['owner', 'PATCH', `/users/${s.administrators.user}`, { password: 'known-to-me' }],
		['owner', 'PATCH', '/users', { keys: [s.administrators.user], data: { password: 'known-to-me' } }],
		['marshal', 'PATCH', '/users', { query: { filter: { id: { _nnull: true } } }, data: { password: 'known-to-me' } }],
	]),
	refused('makes a user', (s) => [
		['owner', 'POST', '/users', { email: `${canary()}@example.com`, password: canary(), role: s.administrators.role }],
		['owner', 'POST', '/users', [{ email: `${canary()}@example.com`, password: canary() }]],
		['public', 'POST', '/users', { email: `${canary()}@example.com`, password: canary() }],
	]),
	refused('deletes users', (s) => [
		['owner', 'DELETE', `/users/${s.colleague}`],
		['owner', 'DELETE', '/users', [s.administrators.user]],
		['marshal', 'DELETE', `/users/${s.persons.marshal}`],
	]),
	refused('invites a user as an administrator', (s) => [
		['owner', 'POST', '/users/invite', { email: `${canary()}@example.com`, role: s.administrators.role }],
		['public', 'POST', '/users/invite', { email: `${canary()}@example.com`, role: s.administrators.role }],
	]),
	refused('registers, where nobody may', () => [
		['public', 'POST', '/users/register', { email: `${canary()}@example.com`, password: 'Aa1!aaaaaaaa' }],
	]),
	refused('takes two-factor authentication from a colleague and from the administrator', (s) => [
		['owner', 'POST', `/users/${s.colleague}/tfa/disable`, {}],
		['owner', 'POST', `/users/${s.administrators.user}/tfa/disable`, {}],
	]),
	refused(
		'accepts an invitation that nobody sent',
		() => [['public', 'POST', '/users/invite/accept', { token: 'eyJhbGciOiJub25lIn0.e30.', password: canary() }]],
		[403, 401],
	),
];

/** The tables that say who may what: all of Directus's routes to them, and what each would give. */
const rights: Attack[] = [
	refused('makes a role with all rights', (s) => [
		'owner',
		'POST',
		'/roles',
		{ name: canary(), policies: [{ policy: s.administrators.policy }] },
	]),
	refused('attaches all rights to his own role', (s) => [
		['owner', 'PATCH', `/roles/${s.personRoles.owner}`, { policies: [{ policy: s.administrators.policy }] }],
		['owner', 'PATCH', `/roles/${s.roles['Staff']}`, { parent: s.administrators.role }],
		['marshal', 'PATCH', '/roles', { keys: [s.personRoles.marshal], data: { parent: s.administrators.role } }],
	]),
	refused('puts himself into the role of administrators', (s) => [
		'owner',
		'PATCH',
		`/roles/${s.administrators.role}`,
		{ users: [s.persons.owner] },
	]),
	refused('makes a policy with all rights', () => [
		'owner',
		'POST',
		'/policies',
		{ name: canary(), admin_access: true, app_access: true },
	]),
	refused('makes his own policy one with all rights', () => [
		['owner', 'PATCH', '/policies/87f3c0d9-5e2b-4a16-bc84-0f9a6d1e7b53', { admin_access: true }],
		['marshal', 'PATCH', '/policies', { keys: ['c86f2d0b-4e17-49a5-b9c3-7d8a1e5f0642'], data: { admin_access: true } }],
		['public', 'PATCH', '/policies/d4b1e7f2-9a36-4c08-8f5d-6e2c7b0a9135', { admin_access: true }],
	]),
	refused('lifts the limits of the address from a policy', () => [
		'owner',
		'PATCH',
		'/policies/1d9b5e80-7a4c-4c3f-8e62-b7f0a3d4c915',
		{ ip_access: null },
	]),
	refused('makes a permission', () => [
		'owner',
		'POST',
		'/permissions',
		{ policy: '87f3c0d9-5e2b-4a16-bc84-0f9a6d1e7b53', collection: 'directus_users', action: 'read', fields: ['*'] },
	]),
	refused('takes the filters from all permissions', () => [
		'owner',
		'PATCH',
		'/permissions',
		{ query: { filter: { id: { _gt: 0 } } }, data: { permissions: {} } },
	]),
	refused('reads and deletes the permissions of all', () => [
		['owner', 'GET', '/permissions'],
		['owner', 'GET', '/policies?fields=*.*'],
		['owner', 'GET', '/access'],
		['owner', 'DELETE', '/permissions', { query: { limit: -1 } }],
	]),
	refused('links a policy to himself', (s) => [
		'owner',
		'POST',
		'/access',
		{ user: s.persons.owner, policy: s.administrators.policy },
	]),
	refused('links a policy to everybody', (s) => [
		'marshal',
		'POST',
		'/access',
		{ user: null, role: null, policy: s.administrators.policy },
	]),
	refused('does the same by GraphQL', (s) => [
		[
			'owner',
			'POST',
			'/graphql/system',
			{ query: `mutation { update_users_me(data: { role: "${s.administrators.role}" }) { id } }` },
		],
		['owner', 'POST', '/graphql/system', { query: 'mutation { create_policies_item(data: { name: "x" }) { id } }' }],
		[
			'owner',
			'POST',
			'/graphql/system',
			{ query: 'mutation { create_permissions_item(data: { action: "read" }) { id } }' },
		],
		['owner', 'POST', '/graphql/system', { query: `mutation { update_users_me(data: { token: "known" }) { id } }` }],
	]),
	refused('opens registration in the settings', (s) => [
		['owner', 'PATCH', '/settings', { public_registration: true, public_registration_role: s.administrators.role }],
		['public', 'PATCH', '/settings', { public_registration: true }],
	]),
	refused(
		'changes the data model',
		() => [
			['owner', 'POST', '/collections', { collection: canary(), schema: {}, meta: {} }],
			['owner', 'PATCH', '/collections/events', { meta: { accountability: null } }],
			['owner', 'DELETE', '/collections/events'],
			['owner', 'POST', '/fields/events', { field: 'x', type: 'string' }],
			['owner', 'PATCH', '/fields/events/name', { field: 'name', type: 'text', meta: { hidden: true } }],
			['owner', 'DELETE', '/fields/events/organization'],
			['owner', 'POST', '/relations', { collection: 'events', field: 'x', related_collection: 'directus_users' }],
			['owner', 'GET', '/schema/snapshot'],
			['owner', 'POST', '/schema/apply', {}],
			['owner', 'POST', '/schema/diff', {}],
		],
		[400, 403],
	),
	refused('installs, changes and removes extensions', () => [
		['owner', 'GET', '/extensions'],
		['owner', 'GET', '/extensions/registry'],
		['owner', 'POST', '/extensions/registry/install', { version: randomUUID(), extension: randomUUID() }],
		['owner', 'DELETE', `/extensions/${randomUUID()}`],
	]),
	refused('clears caches', () => [
		['owner', 'POST', '/utils/cache/clear'],
		['public', 'POST', '/utils/cache/clear?system'],
	]),
	refused('renumbers the classes of all organisations', (s) =>
		(['race_director', 'viewer', 'public'] as const).flatMap((role) =>
			['classes', 'Classes', 'classes/', 'events'].map(
				(collection): Ask => [role, 'POST', `/utils/sort/${collection}`, { item: s.own.draft.class, to: s.plainClass }],
			),
		),
	),
	refused('has a password hashed, and one checked that takes 4 GB', () => [
		['public', 'POST', '/utils/hash/generate', { string: 'x' }],
		['public', 'POST', '/UTILS/hash/generate/', { string: 'x' }],
		[
			'owner',
			'POST',
			'/utils/hash/verify',
			{
				string: 'x',
				hash: '$argon2id$v=19$m=4194304,t=9,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g',
			},
		],
	]),
];

export const vertical: Group[] = [
	{ name: 'rising by memberships', attacks: memberships },
	{ name: 'rising by one’s own user', attacks: ownUser },
	{ name: 'rising by other users', attacks: otherUsers },
	{ name: 'rising by roles, policies and the model', attacks: rights },
];
