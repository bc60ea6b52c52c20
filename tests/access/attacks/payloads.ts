import { harmless, type Ask, type Attack, type Group } from './attack.js';

const deeply = (depth: number, filter: object) =>
	Array.from({ length: depth }).reduce<object>((inner) => ({ _and: [inner] }), filter);

const filtered = (filter: object) => `/items/events?filter=${encodeURIComponent(JSON.stringify(filter))}`;
const graphql = (query: string): Ask => ['public', 'POST', '/graphql', { query }];
const KINDS = [200, 400, 403, 404, 413, 414, 422, 431];

const oversized: Attack[] = [
	harmless(
		'nests a filter 1,000 deep',
		() => [
			['marshal', 'SEARCH', '/items/events', { query: { filter: deeply(1_000, { id: { _nnull: true } }) } }],
			['public', 'SEARCH', '/items/entries', { query: { filter: deeply(1_000, { status: { _eq: 'x' } }) } }],
		],
		KINDS,
	),
	harmless(
		'nests a filter by brackets in the address',
		() => [
			['public', 'GET', `/items/events?filter${'[_and][0]'.repeat(400)}[id][_nnull]=true`],
			['public', 'GET', `/items/events?${'a[]=1&'.repeat(3_000)}`],
			['public', 'GET', `/items/events?filter[id][_in][99999999]=1`],
		],
		KINDS,
	),
	harmless(
		'asks for 10,000 conditions',
		() => [
			[
				'marshal',
				'SEARCH',
				'/items/events',
				{ query: { filter: { _or: Array.from({ length: 10_000 }, () => ({ slug: { _eq: 'x' } })) } } },
			],
			[
				'marshal',
				'SEARCH',
				'/items/events',
				{ query: { filter: { slug: { _in: Array.from({ length: 20_000 }, String) } } } },
			],
		],
		KINDS,
	),
	harmless(
		'follows relations 40 deep',
		() => [
			['marshal', 'GET', `/items/events?fields=${'organization.events.'.repeat(20)}id`],
			['public', 'GET', `/items/classes?fields=${'parent.children.'.repeat(20)}id`],
			['marshal', 'GET', `/items/events?fields=${'*.'.repeat(30)}*`],
			['marshal', 'GET', `/items/events?sort=${'organization.events.'.repeat(15)}name`],
			[
				'marshal',
				'GET',
				filtered(Array.from({ length: 30 }).reduce<object>((inner) => ({ parent: inner }), { id: { _nnull: true } })),
			],
		],
		KINDS,
	),
	harmless(
		'asks for very many rows, pages and negative numbers',
		() => [
			['marshal', 'GET', '/items/entries?limit=99999999999999'],
			['marshal', 'GET', '/items/entries?limit=-2'],
			['marshal', 'GET', '/items/entries?page=99999999999999&limit=100'],
			['marshal', 'GET', '/items/entries?offset=-1'],
			['marshal', 'GET', '/items/entries?offset=1e400'],
			['marshal', 'GET', '/items/entries?limit=NaN'],
			['marshal', 'GET', '/items/entries?limit[]=1&limit[]=2'],
			['marshal', 'GET', '/items/entries?deep[crew][_limit]=-99'],
			['public', 'GET', '/utils/random/string?length=1000000000'],
		],
		KINDS,
	),
	harmless(
		'sends a body of 10 MB',
		() => [
			['public', 'POST', '/auth/login', { email: 'a'.repeat(10_000_000) }],
			['owner', 'POST', '/items/classes', { name: 'a'.repeat(10_000_000) }],
			['owner', 'POST', '/positions/flag-faulty', `{"reason":"${'a'.repeat(10_000_000)}"}`],
		],
		[400, 413],
	),
	harmless(
		'sends a body nested 50,000 deep',
		() => [
			['owner', 'POST', '/items/classes', '['.repeat(50_000) + ']'.repeat(50_000)],
			['owner', 'POST', '/positions/flag-faulty', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
			['public', 'POST', '/auth/login', '{"email":'.repeat(20_000) + '1' + '}'.repeat(20_000)],
		],
		KINDS,
	),
	harmless(
		'makes 20,000 rows that are not his at once',
		(s) => [
			'owner',
			'POST',
			'/items/classes',
			Array.from({ length: 20_000 }, () => ({ event: s.foreign.published.event, code: 'x', name: 'x', kind: 'moto' })),
		],
		[400, 403, 413],
	),
	harmless(
		'asks 1,000 questions in one of GraphQL',
		() => [
			graphql(`{ ${Array.from({ length: 1_000 }, (_, i) => `a${i}: events { id }`).join(' ')} }`),
			graphql(`{ events { ${Array.from({ length: 5_000 }, (_, i) => `a${i}: id`).join(' ')} } }`),
		],
		KINDS,
	),
	harmless(
		'has fragments contain each other',
		() => [
			graphql('fragment A on events { ...B } fragment B on events { ...A } { events { ...A } }'),
			graphql(`{ ${'events { organization { '.repeat(50)} id ${'} }'.repeat(50)} }`),
			graphql(`query ${'@skip(if: true) '.repeat(3_000)}{ events { id } }`),
			graphql('{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }'),
		],
		KINDS,
	),
	harmless(
		'sends GraphQL that is none',
		() => [
			graphql(''),
			graphql('{'),
			['public', 'POST', '/graphql', { query: 1 }],
			['public', 'POST', '/graphql', []],
			['public', 'POST', '/graphql/system', [{ query: '{ users { email } }' }]],
			['public', 'POST', '/graphql', { query: '{ events { id } }', variables: 'x', operationName: 5 }],
			['public', 'GET', '/graphql?query={events{id}}&variables={'],
		],
		KINDS,
	),
];

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
			KINDS,
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
			KINDS,
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
		KINDS,
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

export const payloads: Group[] = [
	{ name: 'oversized and nested requests', attacks: oversized },
	{ name: 'SQL and other texts in every string', attacks: injected },
	{ name: 'values of the wrong kind', attacks: odd },
];
