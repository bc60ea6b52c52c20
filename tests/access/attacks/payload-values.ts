import { harmless, NO_SERVER_ERROR, type Ask, type Attack, type Group } from './attack.js';

const TEXTS: [string, string][] = [
	['a quote', "' OR '1'='1"],
	['a statement', "1'; DELETE FROM events; --"],
	['a union', "' UNION SELECT token FROM directus_users --"],
	['a wait', "'||pg_sleep(20)||'"],
	['a NUL', 'a\u0000b'],
	['a comment', '/**/id/**/'],
	['a placeholder', '?? $1 :name'],
	['a backslash', '\\x27'],
	['a wildcard', '%_%'],
	['a very long text', 'x'.repeat(5_000)],
	['letters of other scripts', 'ﷺ𝕏\u202e\ufeff'],
];

/** Each place is another piece of code: names of columns are checked by the model, values become parameters. */
const injected: Attack[] = TEXTS.flatMap(([what, text]): Attack[] => {
	const encoded = encodeURIComponent(text);

	return [
		harmless(
			`puts ${what} into a key, a filter, a search and a list`,
			() => [
				['marshal', 'GET', `/items/events/${encoded}`],
				['marshal', 'GET', `/items/events?filter[id][_eq]=${encoded}`],
				['marshal', 'GET', `/items/events?filter[name][_contains]=${encoded}`],
				['marshal', 'GET', `/items/events?filter[start_date][_gt]=${encoded}`],
				['marshal', 'GET', `/items/entries?filter[race_number][_eq]=${encoded}`],
				['marshal', 'GET', `/items/events?search=${encoded}`],
				['marshal', 'SEARCH', '/items/events', { keys: [text] }],
				['marshal', 'SEARCH', '/items/entries', { query: { filter: { race_number: { _in: [text] } } } }],
			],
			NO_SERVER_ERROR,
		),
		harmless(
			`puts ${what} into the names of fields, functions, aliases and operators`,
			() => [
				['marshal', 'GET', `/items/events?fields=${encoded}`],
				['marshal', 'GET', `/items/events?sort=${encoded}`],
				['marshal', 'GET', `/items/events?groupBy=${encoded}`],
				['marshal', 'GET', `/items/events?aggregate[${encoded}]=id`],
				['marshal', 'GET', `/items/events?aggregate[count]=${encoded}`],
				['marshal', 'GET', `/items/events?alias[${encoded}]=name&fields=${encoded}`],
				['marshal', 'GET', `/items/events?filter[${encoded}][_eq]=1`],
				['marshal', 'GET', `/items/events?filter[name][_${encoded}]=1`],
				['marshal', 'GET', `/items/events?fields=year(${encoded})`],
				['marshal', 'GET', `/items/events?deep[${encoded}][_filter][id][_eq]=1`],
				['marshal', 'GET', `/items/events?meta=${encoded}`],
				['marshal', 'GET', `/items/events?version=${encoded}`],
			],
			NO_SERVER_ERROR,
		),
		harmless(
			`writes ${what} where nobody may`,
			(s) => [
				['viewer', 'PATCH', `/items/events/${encoded}`, { name: text }],
				['viewer', 'DELETE', '/items/events', [text]],
				['owner', 'PATCH', `/items/events/${s.foreign.draft.event}`, { name: text, organization: text }],
				['owner', 'POST', '/items/classes', { event: text, code: text, name: text, kind: text }],
				['owner', 'POST', '/items/organization_users', { organization: text, user: text, role: text }],
				['owner', 'PATCH', '/users/me', { [text]: text }],
				['public', 'POST', '/auth/login', { email: text, password: text }],
				['marshal', 'GET', `/activity/${encoded}`],
				['marshal', 'GET', `/notifications/${encoded}`],
				['marshal', 'GET', `/users/${encoded}`],
				['owner', 'GET', `/fields/${encoded}/${encoded}`],
				['public', 'GET', `/assets/${encoded}`],
				['public', 'GET', `/shares/info/${encoded}`],
				['owner', 'POST', '/comments', { collection: text, item: text, comment: text }],
			],
			[204, 400, 401, 403, 404, 405, 409, 414],
		),
	];
});

const odd: Attack[] = [
	harmless(
		'sends lists and objects where values belong',
		() =>
			[[], {}, [[]], [{}], { _eq: {} }, 1e308, -1, true].flatMap((value): Ask[] => [
				['marshal', 'SEARCH', '/items/events', { query: { filter: { id: value } } }],
				['marshal', 'SEARCH', '/items/events', { query: { filter: { name: { _contains: value } } } }],
				['marshal', 'SEARCH', '/items/entries', { query: { filter: { race_number: { _eq: value } } } }],
				['marshal', 'SEARCH', '/items/events', { query: { filter: value } }],
				['marshal', 'SEARCH', '/items/events', { query: { fields: value } }],
				['marshal', 'SEARCH', '/items/events', { query: { sort: value } }],
				['marshal', 'SEARCH', '/items/events', { query: { aggregate: value } }],
				['marshal', 'SEARCH', '/items/events', { query: { deep: value } }],
				['marshal', 'SEARCH', '/items/events', { query: { alias: value } }],
				['marshal', 'SEARCH', '/items/events', { query: { group: value, search: value } }],
				['marshal', 'SEARCH', '/items/events', { query: value }],
				['marshal', 'SEARCH', '/items/events', { keys: value }],
			]),
		NO_SERVER_ERROR,
	),
	harmless(
		'writes lists and objects where values belong',
		(s) =>
			[[], {}, [[]], [{}], [null], 'x', 1, true, null].flatMap((value): Ask[] => [
				['owner', 'PATCH', `/items/events/${s.foreign.draft.event}`, { organization: value }],
				['owner', 'POST', '/items/classes', { event: value, code: 'x', name: 'x', kind: 'moto' }],
				['owner', 'POST', '/items/devices', { imei: 'x', organizations: value }],
				['owner', 'POST', '/items/vehicles', { make: 'x', kind: 'moto', organizations: { create: value } }],
				['viewer', 'PATCH', '/items/entries', value],
				['viewer', 'DELETE', '/items/entries', value],
				['viewer', 'POST', '/items/entries', value],
				['marshal', 'PATCH', '/users/me', { role: value }],
				['marshal', 'POST', '/comments', { collection: value, item: value, comment: value }],
				['public', 'POST', '/shares/auth', { share: value }],
				['public', 'POST', '/auth/login', { email: value, password: value }],
			]),
		[200, 400, 401, 403, 404, 413, 422],
	),
];

export const payloadValues: Group[] = [
	{ name: 'SQL and other texts in every string', attacks: injected },
	{ name: 'values of the wrong kind', attacks: odd },
];
