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

export const verticalMemberships: Group[] = [{ name: 'rising by memberships', attacks: memberships }];
