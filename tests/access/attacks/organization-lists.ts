import { canary, newImei } from '../side.js';
import { harmless, refused, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

const organization = (s: Setting) => `/items/organizations/${s.own.organization}`;

/** As owner, on the page of his organisation, by one item and by a batch. */
const given = (name: string, body: (s: Setting) => object, statuses: number[] = [400, 403]): Attack =>
	refused(
		name,
		(s) => [
			['owner', 'PATCH', organization(s), body(s)],
			['owner', 'PATCH', '/items/organizations', [{ id: s.own.organization, ...body(s) }]],
			['owner', 'PATCH', '/items/organizations', { keys: [s.own.organization], data: body(s) }],
		],
		statuses,
	);

/** Directus ignores a deletion of what is not in the list. */
const ignored = (name: string, body: (s: Setting) => object): Attack =>
	harmless(name, (s): Ask => ['owner', 'PATCH', organization(s), body(s)], [200, 403]);

const members: Attack[] = [
	given("takes B's membership by its key", (s) => ({ users: [s.memberships.foreigner] })),
	given("takes B's membership as an object", (s) => ({ users: [{ id: s.memberships.foreigner, role: 'viewer' }] })),
	given("takes B's membership as an update", (s) => ({ users: { update: [{ id: s.memberships.foreigner }] } })),
	given("lowers B's owner as an update", (s) => ({
		users: { update: [{ id: s.memberships.foreigner, role: 'viewer', organization: s.foreign.organization }] },
	})),
	ignored("throws B's owner out", (s) => ({ users: { delete: [s.memberships.foreigner] } })),
	given("brings B's owner into A, whom he cannot see", (s) => ({
		users: { create: [{ user: s.foreigner, role: 'viewer' }] },
	})),
	given('makes an owner of B', (s) => ({
		users: { create: [{ organization: s.foreign.organization, user: s.persons.marshal, role: 'owner' }] },
	})),
	given('makes an owner of B in a list', (s) => ({
		users: [{ organization: s.foreign.organization, user: s.persons.owner, role: 'owner' }],
	})),
	given('makes an owner of B by an object in place of its key', (s) => ({
		users: { create: [{ organization: { id: s.foreign.organization }, user: s.persons.owner, role: 'owner' }] },
	})),
	given('makes an administrator of a colleague', (s) => ({
		users: { update: [{ id: s.memberships.colleague, user: { id: s.colleague, role: s.administrators.role } }] },
	})),
	given('makes an administrator by a new membership', (s) => ({
		users: { create: [{ role: 'viewer', user: { email: `${canary()}@example.com`, role: s.administrators.role } }] },
	})),
	given('moves a membership of A to B', (s) => ({
		users: { update: [{ id: s.memberships.colleague, organization: s.foreign.organization }] },
	})),
	given('gives a membership of A to a stranger', (s) => ({
		users: { update: [{ id: s.memberships.colleague, user: s.stranger }] },
	})),
];

/** The same of vehicles and trackers. */
const holdings: Attack[] = (['vehicle', 'device'] as const).flatMap((field): Attack[] => {
	const list = `${field}s`;
	const link = `organization_${field}` as const;
	const make = () => (field === 'device' ? { imei: newImei() } : { kind: 'car', make: canary() });

	return [
		given(`takes B's link to a ${field} by its key`, (s) => ({ [list]: [s.foreign.draft[link]] })),
		given(`takes B's link to a ${field} as an update`, (s) => ({
			[list]: { update: [{ id: s.foreign.draft[link] }] },
		})),
		ignored(`unlinks B's ${field}`, (s) => ({ [list]: { delete: [s.foreign.draft[link]] } })),
		given(`links B's ${field}`, (s) => ({ [list]: { create: [{ [field]: s.foreign.draft[field] }] } })),
		given(`links B's published ${field}`, (s) => ({
			[list]: { create: [{ [field]: { id: s.foreign.published[field] } }] },
		})),
		given(`changes B's ${field} on the way`, (s) => ({
			[list]: { create: [{ [field]: { id: s.foreign.published[field], model: 'taken' } }] },
		})),
		given(`changes B's ${field} through an own link`, (s) => ({
			[list]: { update: [{ id: s.own.draft[link], [field]: { id: s.foreign.draft[field], model: 'taken' } }] },
		})),
		given(`points an own link to B's ${field}`, (s) => ({
			[list]: { update: [{ id: s.own.draft[link], [field]: s.foreign.draft[field] }] },
		})),
		given(`makes a ${field} for B`, (s) => ({
			[list]: { create: [{ [field]: { ...make(), organization: s.foreign.organization } }] },
		})),
		given(`moves an own link to B`, (s) => ({
			[list]: { update: [{ id: s.own.draft[link], organization: s.foreign.organization }] },
		})),
	];
});

const others: Attack[] = [
	...(
		['race_director', 'timekeeper', 'operator', 'marshal', 'viewer', 'competitor', 'processor', 'public'] as const
	).map(
		(role): Attack =>
			refused(`as ${role}, changes the lists of A`, (s) => [
				[role, 'PATCH', organization(s), { users: { update: [{ id: s.memberships.colleague, role: 'owner' }] } }],
				[role, 'PATCH', organization(s), { users: [] }],
				[role, 'PATCH', organization(s), { vehicles: { delete: [s.own.draft.organization_vehicle] } }],
				[role, 'PATCH', organization(s), { devices: { delete: [s.own.draft.organization_device] } }],
			]),
	),
	refused('as race director, reaches the members through an own event', (s) => [
		'race_director',
		'PATCH',
		`/items/events/${s.own.draft.event}`,
		{ organization: { id: s.own.organization, users: { update: [{ id: s.memberships.colleague, role: 'owner' }] } } },
	]),
	refused("as owner of A who is timekeeper of B, changes B's lists", (s) => [
		[
			s.guest,
			'PATCH',
			`/items/organizations/${s.foreign.organization}`,
			{ users: { delete: [s.memberships.foreigner] } },
		],
		[s.guest, 'PATCH', `/items/organizations/${s.foreign.organization}`, { users: [] }],
		[s.guest, 'PATCH', organization(s), { users: { update: [{ id: s.memberships.foreigner, role: 'viewer' }] } }],
		[s.guest, 'PATCH', organization(s), { devices: { create: [{ device: s.foreign.draft.device }] } }],
		[s.guest, 'PATCH', organization(s), { vehicles: { create: [{ vehicle: s.foreign.draft.vehicle }] } }],
		[
			s.guest,
			'PATCH',
			`/items/events/${s.own.draft.event}`,
			{ organization: { id: s.foreign.organization, users: { delete: [s.memberships.foreigner] } } },
		],
	]),
	refused('as owner, makes an organisation with members', (s) => [
		'owner',
		'POST',
		'/items/organizations',
		{ name: canary(), slug: canary(), users: [{ user: s.persons.owner, role: 'owner' }] },
	]),
	refused("takes B's membership by GraphQL", (s) => [
		'owner',
		'POST',
		'/graphql',
		{
			query: `mutation { update_organizations_item(id: "${s.own.organization}", data: { users: [{ id: "${s.memberships.foreigner}", role: "viewer" }] }) { id } }`,
		},
	]),
];

export const organizationLists: Group[] = [
	{ name: "B's members on the page of A", attacks: members },
	{ name: "B's vehicles and trackers on the page of A", attacks: holdings },
	{ name: 'the page of A by others', attacks: others },
];
