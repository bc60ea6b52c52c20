import { STEPS } from '../model.js';
import { harmless, type Ask, type Attack, type Group } from './attack.js';
import { MAKES } from './keys.js';

/** What is no item, no key and no list of them; a list that changes nothing. */
const VALUES: unknown[] = [
	[null],
	[[]],
	[true],
	true,
	5,
	'x',
	{},
	{ create: [null] },
	{ create: {} },
	{ update: [{ role: 'viewer' }] },
	{ update: [null] },
	{ update: [{ id: null }] },
	{ delete: [null] },
	{ delete: [{}] },
	{ upsert: [] },
	{ create: [], update: [], delete: 'x' },
];

const attacks: Attack[] = STEPS.filter(
	({ from, field }) => from in MAKES && !/^user_(created|updated)$/.test(field),
).map(({ from, field }) =>
	harmless(
		`writes what is no item into ${from}.${field}`,
		(s) =>
			VALUES.flatMap((value): Ask[] => {
				const own = { events: s.own.draft.event, entries: s.own.draft.entry, classes: s.own.draft.class }[from];
				const path = `/items/${from}/${own ?? s.own.draft.vehicle}`;
				return [['owner', 'PATCH', path, { [field]: value }]];
			}),
		[200, 400, 403, 404],
	),
);

const organizations: Attack[] = ['users', 'vehicles', 'devices', 'events'].map((list) =>
	harmless(
		`writes what is no item into organizations.${list}`,
		(s) =>
			VALUES.map((value): Ask => ['owner', 'PATCH', `/items/organizations/${s.own.organization}`, { [list]: value }]),
		[200, 400, 403],
	),
);

export const payloadRelated: Group[] = [
	{ name: 'values that are no related items', attacks: [...attacks, ...organizations] },
];
