import { harmless, NO_SERVER_ERROR, refused, type Ask, type Attack, type Group } from './attack.js';

const deeply = (depth: number, filter: object) =>
	Array.from({ length: depth }).reduce<object>((inner) => ({ _and: [inner] }), filter);

const filtered = (filter: object) => `/items/events?filter=${encodeURIComponent(JSON.stringify(filter))}`;
const graphql = (query: string): Ask => ['public', 'POST', '/graphql', { query }];

const oversized: Attack[] = [
	harmless(
		'nests a filter 1,000 deep',
		() => [
			['marshal', 'SEARCH', '/items/events', { query: { filter: deeply(1_000, { id: { _nnull: true } }) } }],
			['public', 'SEARCH', '/items/entries', { query: { filter: deeply(1_000, { status: { _eq: 'x' } }) } }],
		],
		NO_SERVER_ERROR,
	),
	harmless(
		'nests a filter by brackets in the address',
		() => [
			['public', 'GET', `/items/events?filter${'[_and][0]'.repeat(400)}[id][_nnull]=true`],
			['public', 'GET', `/items/events?${'a[]=1&'.repeat(3_000)}`],
			['public', 'GET', `/items/events?filter[id][_in][99999999]=1`],
		],
		NO_SERVER_ERROR,
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
		NO_SERVER_ERROR,
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
		NO_SERVER_ERROR,
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
		NO_SERVER_ERROR,
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
		NO_SERVER_ERROR,
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
		NO_SERVER_ERROR,
	),
	harmless(
		'has fragments contain each other',
		() => [
			graphql('fragment A on events { ...B } fragment B on events { ...A } { events { ...A } }'),
			graphql(`{ ${'events { organization { '.repeat(50)} id ${'} }'.repeat(50)} }`),
			graphql(`query ${'@skip(if: true) '.repeat(3_000)}{ events { id } }`),
			graphql('{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }'),
		],
		NO_SERVER_ERROR,
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
		NO_SERVER_ERROR,
	),
	refused(
		'gives GraphQL a query and a name of an operation that are no text',
		() =>
			['/graphql', '/graphql/system'].flatMap((path): Ask[] =>
				[
					{ query: 1 },
					{ query: ['{ __typename }'] },
					{ query: {} },
					...[5, {}, ['x'], true].map((operationName) => ({ query: 'query x { __typename }', operationName })),
				].map((body): Ask => ['marshal', 'POST', path, body]),
			),
		[400],
	),
];

export const payloadSizes: Group[] = [{ name: 'oversized and nested requests', attacks: oversized }];
