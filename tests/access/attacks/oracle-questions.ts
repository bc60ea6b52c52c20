import { harmless, nothing, refused, type Ask, type Attack, type Group } from './attack.js';

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

export const oracleQuestions: Group[] = [{ name: 'asking around hidden fields', attacks: quantities }];
