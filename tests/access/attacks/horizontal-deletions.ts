import { harmless, refused, type Ask, type Attack, type Group } from './attack.js';

const MANY = { filter: { id: { _nnull: true } }, limit: -1 };

/** Deletions of what is B's: one, several, a mixture, and whatever a query finds. */
const deletions: Attack[] = (
	[
		['events', 'event'],
		['classes', 'class'],
		['entries', 'entry'],
		['entry_crew', 'crew'],
		['entry_devices', 'assignment'],
		['vehicles', 'vehicle'],
		['devices', 'device'],
		['organization_vehicles', 'organization_vehicle'],
		['organization_devices', 'organization_device'],
		['position_flags', 'flag'],
	] as const
).flatMap(([collection, kind]): Attack[] => [
	refused(`deletes B's ${collection}, alone, in a list, by keys and among own ones`, (s) => [
		['owner', 'DELETE', `/items/${collection}/${s.foreign.published[kind]}`],
		['owner', 'DELETE', `/items/${collection}`, [s.foreign.draft[kind]]],
		['race_director', 'DELETE', `/items/${collection}`, { keys: [s.foreign.draft[kind]] }],
		['owner', 'DELETE', `/items/${collection}`, [s.own.draft[kind], s.foreign.published[kind]]],
		[
			'owner',
			'POST',
			'/graphql',
			{ query: `mutation { delete_${collection}_items(ids: ["${s.foreign.draft[kind]}"]) { ids } }` },
		],
	]),
	harmless(`deletes B's ${collection} by a query`, (s) => [
		'owner',
		'DELETE',
		`/items/${collection}`,
		{ query: { filter: { id: { _in: [s.foreign.draft[kind], s.foreign.published[kind]] } } } },
	]),
]);

/** 409 tells that it is in use, and by what. */
const LENT = [409];

const shared: Attack[] = [
	...(['vehicle', 'device'] as const).map((kind) =>
		refused(
			`deletes a ${kind} that is lent to B`,
			(s) => [
				['owner', 'DELETE', `/items/${kind}s/${s.shared[kind]}`],
				['owner', 'DELETE', `/items/${kind}s`, [s.shared[kind]]],
				['owner', 'DELETE', `/items/${kind}s`, { query: { filter: { id: { _eq: s.shared[kind] } } } }],
				['owner', 'POST', '/graphql', { query: `mutation { delete_${kind}s_item(id: "${s.shared[kind]}") { id } }` }],
			],
			LENT,
		),
	),
	harmless('as dismissed staff, deletes everything that a query finds', (s) =>
		['events', 'entries', 'devices', 'vehicles', 'organization_users'].map(
			(collection): Ask => [s.dismissed, 'DELETE', `/items/${collection}`, { query: MANY }],
		),
	),
	harmless('as dismissed staff, changes everything that a query finds', (s) =>
		(['events', 'classes', 'vehicles'] as const).map(
			(collection): Ask => [
				s.dismissed,
				'PATCH',
				`/items/${collection}`,
				{ query: MANY, data: collection === 'vehicles' ? { make: 'x' } : { name: 'x' } },
			],
		),
	),
	harmless('as viewer, sets all entries to started by a query', () => [
		'viewer',
		'PATCH',
		'/items/entries',
		{ query: MANY, data: { status: 'started' } },
	]),
];

export const horizontalDeletions: Group[] = [
	{ name: "deleting B's rows", attacks: deletions },
	{ name: 'what both organisations have', attacks: shared },
];
