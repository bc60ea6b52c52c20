import { randomUUID } from 'node:crypto';
import { canary } from '../side.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';

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
		['owner', 'GET', '/policies?fields=*,permissions.*&limit=20'],
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

export const verticalRights: Group[] = [{ name: 'rising by roles, policies and the model', attacks: rights }];
