import type { Role } from '../roles.js';
import { alike, harmless, nothing, refused, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

/** A field that hides something, from rows that the attacker may read, with the start of what it holds and another start. */
interface Hidden {
	from: string;
	/** to the field, as a filter takes it */
	path: string[];
	right: (s: Setting) => string;
	wrong: string;
	as: Role;
}

const HASH = () => '$argon2';
const emailOf = (s: Setting) => s.administrators.email;

const HIDDEN: Hidden[] = [
	...['password', 'token', 'tfa_secret', 'external_identifier', 'auth_data'].flatMap((field): Hidden[] => [
		{ as: 'marshal', from: '/users', path: [field], right: HASH, wrong: '$bcrypt' },
		{ as: 'owner', from: '/items/organization_users', path: ['user', field], right: HASH, wrong: '$bcrypt' },
		{ as: 'owner', from: '/items/events', path: ['user_created', field], right: HASH, wrong: '$bcrypt' },
		{ as: 'owner', from: '/items/organizations', path: ['users', 'user', field], right: HASH, wrong: '$bcrypt' },
		{ as: 'race_director', from: '/items/entry_crew', path: ['user', field], right: HASH, wrong: '$bcrypt' },
	]),
	{ as: 'marshal', from: '/items/events', path: ['user_created', 'email'], right: emailOf, wrong: 'nobody@x.org' },
	{
		as: 'viewer',
		from: '/items/organizations',
		path: ['users', 'user', 'email'],
		right: emailOf,
		wrong: 'nobody@x.org',
	},
	{ as: 'competitor', from: '/items/entries', path: ['crew', 'user', 'email'], right: emailOf, wrong: 'nobody@x.org' },
	{ as: 'public', from: '/items/entries', path: ['crew', 'name'], right: () => 'canary', wrong: 'nobody' },
	{ as: 'public', from: '/items/entries', path: ['vehicle', 'plate'], right: () => 'canary', wrong: 'nobody' },
	{ as: 'public', from: '/items/entries', path: ['vehicle', 'vin'], right: () => '1', wrong: 'nobody' },
	{ as: 'public', from: '/items/vehicles', path: ['plate'], right: () => 'canary', wrong: 'nobody' },
	{
		as: 'public',
		from: '/items/organizations',
		path: ['users', 'user', 'email'],
		right: () => 'canary',
		wrong: 'nobody',
	},
	{ as: 'public', from: '/items/organizations', path: ['status'], right: () => 'active', wrong: 'archived' },
	{
		as: 'public',
		from: '/items/events',
		path: ['organization', 'devices', 'device', 'imei'],
		right: () => '35',
		wrong: '99',
	},
	{ as: 'marshal', from: '/items/entries', path: ['devices', 'device', 'imei'], right: () => '35', wrong: '99' },
	{
		as: 'marshal',
		from: '/items/organizations',
		path: ['devices', 'device', 'phone'],
		right: () => '+355',
		wrong: '+99',
	},
	{ as: 'processor', from: '/items/devices', path: ['phone'], right: () => '+355', wrong: '+99' },
	{ as: 'processor', from: '/items/entries', path: ['crew', 'name'], right: () => 'canary', wrong: 'nobody' },
	{ as: 'processor', from: '/items/events', path: ['organization', 'name'], right: () => 'Own', wrong: 'nobody' },
	{ as: 'processor', from: '/items/position_flags', path: ['user_created', 'email'], right: emailOf, wrong: 'nobody' },
];

const nest = (path: string[], condition: object) =>
	path.reduceRight<object>((inner, field) => ({ [field]: inner }), condition);
const asked = (hidden: Hidden, filter: object): Ask => [
	hidden.as,
	'GET',
	`${hidden.from}?fields=id&limit=-1&filter=${encodeURIComponent(JSON.stringify(filter))}`,
];

const guesses: Attack[] = HIDDEN.flatMap((hidden) => {
	const { as, from, path, right, wrong } = hidden;

	return [
		alike(
			`as ${as}, guesses how ${from} ${path.join('.')} begins`,
			(s) => [right(s), wrong].map((text) => asked(hidden, nest(path, { _starts_with: text }))),
			(s) => [right(s), wrong],
		),
		alike(
			`as ${as}, guesses what ${from} ${path.join('.')} holds, among other conditions`,
			(s) =>
				[right(s), wrong].map((text) =>
					asked(hidden, {
						_or: [{ id: { _null: true } }, { _and: [{ id: { _nnull: true } }, nest(path, { _icontains: text })] }],
					}),
				),
			(s) => [right(s), wrong],
		),
	];
});

/** What somebody may see of published rows must not depend on rows behind them that he may not see. */
const quantities: Attack[] = [
	refused('asks by _some, _none and deep filters for the members of organisations', () =>
		['_some', '_none'].map(
			(operator): Ask => ['public', 'GET', `/items/organizations?filter[users][${operator}][role][_eq]=owner`],
		),
	),
	refused('asks by the number of what hangs on a row', () => [
		['public', 'GET', '/items/organizations?filter[count(users)][_gt]=0'],
		['public', 'GET', '/items/entries?filter[count(crew)][_gt]=0'],
		['public', 'GET', '/items/vehicles?filter[count(organizations)][_eq]=1'],
		['marshal', 'GET', '/items/organizations?filter[count(devices)][_gt]=0'],
	]),
	refused('sorts by what he may not see', () => [
		['public', 'GET', '/items/vehicles?sort=plate'],
		['public', 'GET', '/items/entries?sort=vehicle.vin'],
		['public', 'GET', '/items/events?sort=-user_created.email'],
		['processor', 'GET', '/items/devices?sort=phone'],
		['public', 'GET', '/items/organizations?sort=count(users)'],
	]),
	nothing('asks others’ rows by fields that he may read on his own', () => [
		['marshal', 'GET', '/users?sort=email&filter[id][_neq]=$CURRENT_USER'],
		['marshal', 'GET', '/users?groupBy=email&filter[id][_neq]=$CURRENT_USER'],
		['marshal', 'GET', '/users?aggregate[max]=email&filter[id][_neq]=$CURRENT_USER'],
		['owner', 'GET', '/users?groupBy=password&filter[id][_neq]=$CURRENT_USER'],
		['owner', 'GET', '/items/organization_users?sort=user.password&filter[user][_neq]=$CURRENT_USER'],
		['owner', 'GET', '/items/organization_users?groupBy=user.password&filter[user][_neq]=$CURRENT_USER'],
	]),
	nothing('asks vehicles of B by what he may read on those of A', (s) =>
		[
			'groupBy=plate&',
			'groupBy=vin&aggregate[count]=*&',
			'aggregate[max]=vin&',
			'aggregate[min]=plate&',
			'sort=plate&fields=id&',
			'sort=-vin&fields=id&',
			'filter[vin][_nnull]=true&fields=id&',
			'filter[_or][0][plate][_contains]=a&fields=id&',
			'search=canary&fields=id&',
			'meta=filter_count&limit=0&filter[plate][_nnull]=true&',
			'filter[organizations][organization][_nnull]=true&fields=id&',
			'filter[user_created][_nnull]=true&fields=id&',
			'filter[year(date_created)][_gt]=2000&fields=id&',
		].map(
			(query): Ask => [
				'marshal',
				'GET',
				`/items/vehicles?${query}filter[_and][9][id][_eq]=${s.foreign.published.vehicle}`,
			],
		),
	),
	nothing('asks other published rows of B by what he may read on those of A', (s) => {
		const { organization, published } = s.foreign;
		return [
			['marshal', 'GET', `/items/organizations?filter[status][_nnull]=true&filter[id][_eq]=${organization}`],
			['marshal', 'GET', `/items/organizations?sort=date_created&filter[id][_eq]=${organization}`],
			['marshal', 'GET', `/items/organizations?filter[users][role][_eq]=owner&filter[id][_eq]=${organization}`],
			['marshal', 'GET', `/items/organizations?filter[users][_some][role][_eq]=owner&filter[id][_eq]=${organization}`],
			['marshal', 'GET', `/items/organizations?filter[events][status][_eq]=draft&filter[id][_eq]=${organization}`],
			['marshal', 'GET', `/items/events?filter[user_created][_nnull]=true&filter[id][_eq]=${published.event}`],
			['marshal', 'GET', `/items/entries?filter[crew][name][_nnull]=true&filter[id][_eq]=${published.entry}`],
			['marshal', 'GET', `/items/entries?filter[crew][_some][name][_contains]=c&filter[id][_eq]=${published.entry}`],
			[
				'operator',
				'GET',
				`/items/entries?filter[devices][device][imei][_nnull]=true&filter[id][_eq]=${published.entry}`,
			],
			['competitor', 'GET', `/items/entries?filter[vehicle][plate][_nnull]=true&filter[id][_eq]=${published.entry}`],
			['competitor', 'GET', `/items/entries?filter[crew][name][_nnull]=true&filter[id][_eq]=${published.entry}`],
			['competitor', 'GET', `/items/vehicles?groupBy=plate&filter[id][_eq]=${published.vehicle}`],
			[
				'marshal',
				'SEARCH',
				'/items/entries',
				{
					query: {
						filter: { _and: [{ id: { _eq: published.entry } }, { vehicle: { vin: { _nnull: true } } }] },
						aggregate: { count: ['*'] },
					},
				},
			],
		];
	}),
	refused('counts rows behind a list, which are all of them', (s) => [
		['marshal', 'GET', `/items/entries?filter[count(crew)][_gt]=0&filter[id][_eq]=${s.foreign.published.entry}`],
		['marshal', 'GET', '/items/organizations?sort=count(users)'],
		['owner', 'GET', '/items/organizations?filter[count(events)][_gt]=1'],
	]),
	refused('asks by what is not there', (s) => [
		[
			'marshal',
			'GET',
			`/items/entries?filter[crew][_none][name][_starts_with]=c&filter[id][_eq]=${s.foreign.published.entry}`,
		],
		['marshal', 'GET', '/items/organizations?filter[users][_none][user][email][_contains]=a'],
	]),
	refused('finds rows to change or delete by what he may not read', () => {
		const filter = { user_created: { token: { _nnull: true } } };
		return [
			['public', 'PATCH', '/items/events', { query: { filter }, data: { name: 'x' } }],
			['public', 'PATCH', '/users', { query: { filter: { token: { _nnull: true } } }, data: { title: 'x' } }],
			['marshal', 'DELETE', '/items/entries', { query: { filter } }],
			['marshal', 'DELETE', '/presets', { query: { filter: { user: { token: { _nnull: true } } } } }],
			['competitor', 'PATCH', '/files', { query: { filter: { title: { _nnull: true } } }, data: { title: 'x' } }],
			['public', 'DELETE', '/roles', { query: { filter: { name: { _starts_with: 'A' } } } }],
		];
	}),
	refused('sorts inside a list by what he may not see', () => [
		['public', 'GET', '/items/events?fields=id,entries.id&deep[entries][_sort]=vehicle.plate'],
		['public', 'GET', '/items/events?fields=id,classes.id&deep[classes][_sort]=date_created'],
	]),
	refused('filters inside a list by what he may not see', () => [
		['public', 'GET', '/items/events?fields=id,entries.id&deep[entries][_filter][crew][name][_nnull]=true'],
		['marshal', 'GET', '/items/organizations?fields=id,users.id&deep[users][_filter][user][token][_nnull]=true'],
	]),
	harmless('gives a hidden field another name', () => [
		['public', 'GET', '/items/vehicles?alias[model]=plate&fields=model'],
		['public', 'GET', '/items/events?alias[author]=user_created&fields=author.email'],
		['marshal', 'GET', '/users?alias[first_name]=token&fields=first_name'],
		['owner', 'GET', '/items/organization_users?alias[boss]=user&fields=boss.password'],
	]),
	nothing('searches for what stands in hidden fields', (s) => [
		['public', 'SEARCH', '/items/vehicles', { query: { search: s.secrets[5] } }],
		...s.secrets
			.slice(0, 12)
			.map((secret): Ask => ['marshal', 'GET', `/items/entries?search=${encodeURIComponent(secret)}`]),
		...s.secrets
			.slice(0, 12)
			.map((secret): Ask => ['public', 'GET', `/items/vehicles?search=${encodeURIComponent(secret)}`]),
		['marshal', 'GET', `/users?search=${encodeURIComponent(s.administrators.email)}`],
	]),
	refused('takes functions of hidden columns', () => [
		['public', 'GET', '/items/events?fields=year(date_created)'],
		['public', 'GET', '/items/events?filter[year(date_created)][_eq]=2026'],
		['public', 'GET', '/items/events?groupBy=month(date_created)&aggregate[count]=*'],
		['public', 'GET', '/items/organizations?fields=count(users)'],
		['marshal', 'GET', '/users?filter[year(last_access)][_eq]=2026'],
	]),
	harmless(
		'follows rows backwards with $FOLLOW',
		(s) => [
			['public', 'GET', '/items/events?filter[$FOLLOW(entry_crew,entry)][_some][name][_nnull]=true'],
			['public', 'GET', '/items/vehicles?filter[$FOLLOW(organization_vehicles,vehicle)][_some][id][_nnull]=true'],
			['marshal', 'GET', `/users?filter[$FOLLOW(directus_notifications,recipient)][subject][_nnull]=true`],
			['owner', 'GET', `/items/events?fields=$FOLLOW(directus_users,id).email&filter[id][_eq]=${s.own.draft.event}`],
		],
		[400, 403],
	),
	harmless(
		'reads JSON inside of hidden columns',
		() => [
			['marshal', 'GET', '/users?fields=json(auth_data,refreshToken)'],
			['public', 'GET', '/items/position_flags?fields=json(keys,$[0])'],
		],
		[400, 403],
	),
];

const AGGREGATED = [
	'organization_users',
	'organization_devices',
	'devices',
	'entry_crew',
	'entry_devices',
	'position_flags',
];

const aggregates: Attack[] = [
	...AGGREGATED.map((collection) =>
		nothing(
			`without a membership, counts the ${collection} of others and takes the smallest`,
			(s) => [
				['public', 'GET', `/items/${collection}?aggregate[count]=*`],
				[s.dismissed, 'GET', `/items/${collection}?aggregate[count]=*&aggregate[countDistinct]=id`],
				[s.dismissed, 'SEARCH', `/items/${collection}`, { query: { aggregate: { min: ['id'], max: ['id'] } } }],
				['marshal', 'GET', `/items/${collection}?aggregate[count]=id&filter[id][_eq]=${s.foreign.draft.flag}`],
			],
			[200, 400, 403],
		),
	),
	refused('takes the smallest and largest of hidden columns', () => [
		['public', 'GET', '/items/vehicles?aggregate[min]=plate'],
		['public', 'GET', '/items/vehicles?aggregate[max]=vin'],
		['marshal', 'GET', '/users?aggregate[min]=token'],
		['processor', 'GET', '/items/devices?aggregate[max]=phone'],
		['public', 'GET', '/items/events?aggregate[max]=date_created'],
	]),
	refused('groups by hidden columns', () => [
		['public', 'GET', '/items/vehicles?groupBy=plate&aggregate[count]=*'],
		['public', 'GET', '/items/events?groupBy=user_created&aggregate[count]=*'],
	]),
	nothing('counts rows of B by a filter on them', (s) =>
		(
			[
				['events', s.foreign.draft.event],
				['classes', s.foreign.draft.class],
				['entries', s.foreign.draft.entry],
				['vehicles', s.foreign.draft.vehicle],
				['devices', s.foreign.draft.device],
				['organizations', s.quiet],
			] as const
		).map(([collection, id]): Ask => ['owner', 'GET', `/items/${collection}?aggregate[count]=*&filter[id][_eq]=${id}`]),
	),
	nothing('counts what a filter finds, by the meta data', (s) => [
		['owner', 'GET', `/items/events?limit=0&meta=filter_count&filter[organization][_eq]=${s.quiet}`],
	]),
	alike('counts all rows by the meta data, of collections with and without rows of B', () =>
		['owner', 'race_director'].map((role): Ask => [role as Role, 'GET', '/items/organizations?limit=0&meta=*']),
	),
];

export const oracles: Group[] = [
	{ name: 'guessing what hidden fields hold', attacks: guesses },
	{ name: 'asking around hidden fields', attacks: quantities },
	{ name: 'counting and comparing hidden rows', attacks: aggregates },
];
