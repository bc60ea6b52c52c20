import { alike, nothing, refused, harmless, type Ask, type Attack, type Group } from './attack.js';
import type { Caller } from '../client.js';
import { stepsFrom } from '../model.js';
import { COLLECTIONS } from '../rows.js';
import type { Setting } from './setting.js';

/** What the row of a collection is called in the world's foreign draft. */
function foreignId({ foreign, quiet, memberships }: Setting, collection: (typeof COLLECTIONS)[number]): string {
	const { draft } = foreign;
	return {
		organizations: quiet,
		organization_users: memberships.foreigner,
		vehicles: draft.vehicle,
		organization_vehicles: draft.organization_vehicle,
		devices: draft.device,
		organization_devices: draft.organization_device,
		events: draft.event,
		classes: draft.class,
		entries: draft.entry,
		entry_crew: draft.crew,
		entry_devices: draft.assignment,
		position_flags: draft.flag,
	}[collection];
}

/** As much of a collection and what is related to it as may be asked for at once. */
const related = (collection: string) => ['*', ...stepsFrom(collection).map(({ field }) => `${field}.*`)].join(',');
/** Lists of lists, with a few rows of each. */
const few = 'deep[entries][_limit]=20&deep[users][_limit]=20';

const everything = COLLECTIONS.flatMap((collection): Attack[] => [
	harmless(`as owner, reads all ${collection} with all relations, whatever the limit`, () => [
		['owner', 'GET', `/items/${collection}?limit=-1&fields=*.*.*`],
		['owner', 'GET', `/items/${collection}?limit=20&fields=${related(collection)}`],
		['owner', 'SEARCH', `/items/${collection}`, { query: { limit: 20, fields: ['*'] } }],
	]),
	harmless(`as nobody, reads all ${collection} with all relations`, () => [
		'public',
		'GET',
		`/items/${collection}?limit=200&fields=*`,
	]),
	nothing(`as operator, reads B's ${collection} by id, by filter, by key and as a CSV`, (s) => {
		const id = foreignId(s, collection);
		return [
			['operator', 'GET', `/items/${collection}/${id}`],
			['operator', 'GET', `/items/${collection}?filter[id][_eq]=${id}`],
			['operator', 'SEARCH', `/items/${collection}`, { keys: [id] }],
			['operator', 'GET', `/items/${collection}?filter[id][_in]=${id}&export=csv`],
		];
	}),
	alike(
		`as race director, tells a row of B's ${collection} from one that is not there`,
		(s) => {
			const missing = '11111111-2222-4333-8444-555555555555';
			return [foreignId(s, collection), missing].map(
				(id): Ask => ['race_director', 'GET', `/items/${collection}/${id}`],
			);
		},
		(s) => [foreignId(s, collection)],
	),
]);

const outsiders: [string, (s: Setting) => Caller][] = [
	['a competitor', () => 'competitor'],
	['dismissed staff', ({ dismissed }) => dismissed],
	['the metrics token', () => 'metrics'],
];

/** Those who belong to no organisation at all: what members see is not theirs either. */
const byOutsiders = outsiders.flatMap(([who, as]): Attack[] => [
	...(
		['organization_users', 'organization_devices', 'organization_vehicles', 'devices', 'position_flags'] as const
	).map((collection) =>
		nothing(`as ${who}, reads ${collection} of anybody`, (s) => [
			as(s),
			'GET',
			`/items/${collection}?limit=20&fields=${related(collection)}`,
		]),
	),
	harmless(`as ${who}, reads all events with crews, trackers and users`, (s) => [
		as(s),
		'GET',
		'/items/events?limit=5&fields=*,organization.*,organization.users.user.email,entries.*',
	]),
	nothing(`as ${who}, reads the draft event of A`, (s) => [
		as(s),
		'GET',
		`/items/classes?filter[event][_eq]=${s.own.draft.event}`,
	]),
]);

/** From rows that everybody sees into those that nobody does. */
const PATHS = [
	['events', 'organization.users.user.email,organization.users.role'],
	['events', 'organization.devices.device.imei'],
	['events', 'organization.events.name'],
	['events', 'user_created.email,user_updated.token'],
	['classes', 'event.organization.vehicles.vehicle.vin'],
	['classes', 'parent.event.organization.status'],
	['entries', 'crew.name,crew.user.email'],
	['entries', 'devices.device.phone,devices.device.flags.reason'],
	['entries', 'vehicle.plate,vehicle.vin'],
	['entries', 'vehicle.entries.event.name'],
	['entries', 'vehicle.organizations.organization.users.user.first_name'],
	['entries', 'event.organization.users.user.memberships.organization.name'],
	['vehicles', 'entries.crew.name'],
	['organizations', 'users.id,users.user.password'],
] as const;

const throughRelations = PATHS.flatMap(([collection, fields]): Attack[] => [
	harmless(`follows ${collection}.${fields} out of what is published`, () => [
		['marshal', 'GET', `/items/${collection}?limit=5&${few}&fields=id,${fields}`],
		['public', 'GET', `/items/${collection}?limit=5&${few}&fields=id,${fields}`],
		['competitor', 'GET', `/items/${collection}?limit=5&${few}&fields=id,${fields}&export=json`],
	]),
]);

const users: Attack[] = [
	nothing("reads B's owner as a user", (s) => [
		['owner', 'GET', `/users/${s.foreigner}`],
		['owner', 'GET', `/users?filter[id][_eq]=${s.foreigner}&fields=*`],
		['marshal', 'GET', `/users?filter[memberships][organization][_eq]=${s.foreign.organization}&fields=*`],
		['processor', 'GET', `/users/${s.foreigner}`],
	]),
	harmless('reads all users with everything about them', () => [
		['owner', 'GET', '/users?limit=50&fields=*,memberships.*,role.*,avatar.*'],
		['marshal', 'GET', '/users?limit=5&fields=*,memberships.*,policies.*,role.*'],
		['competitor', 'GET', '/users?limit=5&fields=*,policies.*'],
	]),
	refused('reads colleagues with their token, password, secret, status and last access', (s) =>
		['token', 'password', 'tfa_secret', 'auth_data', 'external_identifier', 'last_access'].map(
			(field): Ask => ['marshal', 'GET', `/users/${s.colleague}?fields=${field}`],
		),
	),
	nothing('as processor, reads the crews through their entries', () => [
		'processor',
		'GET',
		'/items/entries?fields=crew.name&filter[crew][name][_nnull]=true',
	]),
	refused('as processor, reads people: users, crews, organisations and vehicles', () => [
		['processor', 'GET', '/users?fields=email'],
		['processor', 'GET', '/items/entry_crew'],
		['processor', 'GET', '/items/organizations'],
		['processor', 'GET', '/items/vehicles'],
		['processor', 'GET', '/items/devices?fields=phone'],
	]),
];

export const horizontalReads: Group[] = [
	{ name: "reading B's rows", attacks: everything },
	{ name: 'reading as somebody who belongs to no organisation', attacks: byOutsiders },
	{ name: 'following relations out of what is published', attacks: throughRelations },
	{ name: 'reading people', attacks: users },
];
