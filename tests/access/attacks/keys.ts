import { randomUUID } from 'node:crypto';
import { FIELDS, MADE_BY_MEMBERS, stepsFrom } from '../model.js';
import type { Role } from '../roles.js';
import type { Row } from '../rows.js';
import { canary, newImei, newVin } from '../side.js';
import { unanswered, type Ask, type Attack, type Group } from './attack.js';
import { eventData, type Setting } from './setting.js';

/** What a member may make in A, by collection: without a key of one's own each is taken. */
export const MAKES: Record<string, { as: Role; path: string; data(s: Setting): Row }> = {
	events: { as: 'race_director', path: '/items/events', data: (s) => eventData(s.own.organization) },
	classes: {
		as: 'race_director',
		path: '/items/classes',
		data: (s) => ({ event: s.own.draft.event, code: canary(), name: canary(), kind: 'moto' }),
	},
	entries: {
		as: 'race_director',
		path: '/items/entries',
		data: (s) => ({ event: s.own.draft.event, class: s.own.draft.class, race_number: 901 }),
	},
	entry_crew: {
		as: 'race_director',
		path: '/items/entry_crew',
		data: (s) => ({ entry: s.plainEntry, role: 'rider', name: canary() }),
	},
	entry_devices: {
		as: 'operator',
		path: '/items/entry_devices',
		data: (s) => ({
			entry: s.plainEntry,
			device: s.own.draft.device,
			assigned_from: '2027-01-01T00:00:00Z',
			assigned_to: '2027-01-02T00:00:00Z',
		}),
	},
	vehicles: {
		as: 'race_director',
		path: '/items/vehicles',
		data: (s) => ({
			kind: 'car',
			make: canary(),
			vin: newVin(),
			organization: s.own.organization,
		}),
	},
	devices: {
		as: 'operator',
		path: '/items/devices',
		data: (s) => ({ imei: newImei(), organization: s.own.organization }),
	},
	organization_devices: {
		as: 'operator',
		path: '/items/organization_devices',
		data: (s) => ({ organization: s.sister, device: s.own.draft.device }),
	},
	organization_vehicles: {
		as: 'race_director',
		path: '/items/organization_vehicles',
		data: (s) => ({ organization: s.sister, vehicle: s.own.draft.vehicle }),
	},
	organization_users: {
		as: 'owner',
		path: '/items/organization_users',
		data: (s) => ({ organization: s.sister, user: s.colleague, role: 'viewer' }),
	},
	directus_presets: { as: 'marshal', path: '/presets', data: () => ({ collection: 'events', bookmark: canary() }) },
	directus_comments: {
		as: 'marshal',
		path: '/comments',
		data: (s) => ({ collection: 'events', item: s.own.draft.event, comment: canary() }),
	},
};

/** Flags are made by an endpoint of ours only. */
const isMade = (collection: string) => collection !== 'position_flags';

/** The end of a sequence, one past it, and keys of other kinds. */
const keysOf = (collection: string) =>
	collection === 'directus_presets' ? [2_147_483_647, 9_000_001, '9000002'] : [randomUUID()];

const makes = (collection: string) => {
	const make = MAKES[collection];
	if (make === undefined) throw new Error(`MAKES does not say how a member makes one of ${collection}.`);
	return make;
};

const creations = (collection: string): Attack =>
	unanswered(`makes one of ${collection} with a key of his choice`, (s) => {
		const { as, path, data } = makes(collection);
		const isOfDirectus = collection.startsWith('directus_');

		return keysOf(collection).flatMap((id): Ask[] => [
			[as, 'POST', path, { id, ...data(s) }],
			[as, 'POST', path, [data(s), { ...data(s), id }]],
			[as, 'PATCH', path, [{ id, ...data(s) }]],
			[as, 'POST', isOfDirectus ? '/graphql/system' : '/graphql', { query: byGraphql(collection, { ...data(s), id }) }],
		]);
	});

/** Without what it points to, which has another form there: the key is looked at before. */
function byGraphql(collection: string, data: Row): string {
	const isPlain = ([field, value]: [string, unknown]) =>
		field === 'id' || (!Array.isArray(value) && !stepsFrom(collection).some((step) => step.field === field));
	const fields = Object.entries(data)
		.filter(isPlain)
		.map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
	return `mutation { create_${collection.replace(/^directus_/, '')}_item(data: { ${fields.join(', ')} }) { id } }`;
}

/** Rows of A by the collection that they are of. */
const ownRows = ({ own }: Setting): Record<string, string> => ({
	organizations: own.organization,
	events: own.draft.event,
	classes: own.draft.class,
	entries: own.draft.entry,
	vehicles: own.draft.vehicle,
	devices: own.draft.device,
});

const nestedCreations = MADE_BY_MEMBERS.filter(isMade).flatMap((collection) =>
	stepsFrom(collection)
		.filter(({ isList, to }) => isList && to in MAKES)
		.map(({ field, to }) =>
			unanswered(`makes one of ${to} within ${collection}.${field} with a key of his choice`, (s) => {
				const id = randomUUID();
				const own = ownRows(s)[collection];
				const lists = [
					[{ ...makes(to).data(s), id }],
					{ create: [{ ...makes(to).data(s), id }], update: [], delete: [] },
				];
				return lists.flatMap((list): Ask[] => [
					...(own === undefined ? [] : [['owner', 'PATCH', `/items/${collection}/${own}`, { [field]: list }] as Ask]),
					['owner', 'POST', `/items/${collection}`, { ...makes(collection).data(s), [field]: list }],
				]);
			}),
		),
);

const changes: Attack[] = Object.keys(FIELDS)
	.filter((collection) => MADE_BY_MEMBERS.includes(collection) && isMade(collection))
	.map((collection) =>
		unanswered(`gives one of ${collection} another key`, (s) => {
			const own = ownRows(s)[collection];
			if (own === undefined) return [['owner', 'PATCH', `/items/${collection}`, [{ id: randomUUID() }]] as Ask];
			return (['owner', 'race_director', 'operator'] as const).flatMap((caller): Ask[] => [
				[caller, 'PATCH', `/items/${collection}/${own}`, { id: randomUUID() }],
				[caller, 'PATCH', `/items/${collection}`, { keys: [own], data: { id: randomUUID() } }],
			]);
		}),
	);

const bookmarks: Attack[] = [
	unanswered('gives a bookmark of his the last number that there is', (s) => [
		['operator', 'PATCH', `/presets/${s.system.ownPreset}`, { id: 2_147_483_647 }],
		['operator', 'PATCH', '/presets', { keys: [Number(s.system.ownPreset)], data: { id: 2_147_483_647 } }],
	]),
];

const made = [...MADE_BY_MEMBERS.filter(isMade), 'directus_presets', 'directus_comments'];

export const keys: Group[] = [
	{
		name: 'keys of the caller’s choice',
		attacks: [...made.map(creations), ...nestedCreations, ...changes, ...bookmarks],
	},
];
