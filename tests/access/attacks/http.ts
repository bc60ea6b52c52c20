import { harmless, refused, type Ask, type Attack, type Group } from './attack.js';
import { sendRaw } from './raw.js';

const raw = (attack: Attack): Attack => ({ ...attack, send: sendRaw });

/** Tables that are no collections, and Directus's own by another door. */
const TABLES = [
	'positions',
	'spatial_ref_sys',
	'trm.event_outbox',
	'event_outbox',
	'trm.boot_state',
	'pg_catalog.pg_user',
	'information_schema.tables',
	'pg_shadow',
	'directus_users',
	'directus_settings',
	'directus_sessions',
	'directus_permissions',
	'directus_activity',
	'event_stream',
	'catalogue',
	'"events"',
	'events;select',
	'EVENTS',
	'constructor',
	'__proto__',
	'toString',
];

const tables: Attack[] = TABLES.map((table) =>
	refused(
		`reads and writes ${table} as items`,
		() =>
			(['owner', 'public', 'processor'] as const).flatMap((role): Ask[] => [
				[role, 'GET', `/items/${encodeURIComponent(table)}`],
				[role, 'GET', `/items/${encodeURIComponent(table)}/1`],
				[role, 'POST', `/items/${encodeURIComponent(table)}`, { id: 1 }],
				[role, 'DELETE', `/items/${encodeURIComponent(table)}`, ['1']],
				[role, 'POST', '/graphql', { query: `{ ${table.replaceAll(/\W/g, '_')} { id } }` }],
			]),
		[400, 403, 404],
	),
);

const PATHS = [
	'/assets/../../../../etc/passwd',
	'/assets/%2e%2e%2f%2e%2e%2fpackage.json',
	'/assets/..%5c..%5cpackage.json',
	'/extensions/sources/../../../package.json',
	'/extensions/sources/..%2f..%2f..%2fpackage.json',
	'/extensions/sources/%2e%2e/%2e%2e/.env',
	'/admin/../../../../etc/passwd',
	'/admin/..%2f..%2fpackage.json',
	'/.env',
	'/package.json',
	'/%00',
	'/items/events%00',
	'/items/%ff',
	'//items//organization_users',
	'/items/./organization_users/',
	'/ITEMS/organization_users',
	'/items/organization_users;a=b',
	'/utils/../users',
	'/Utils/Sort/classes',
	'/%75tils/sort/classes',
	'/utils//sort/classes',
];

const paths: Attack[] = PATHS.map((path) =>
	raw(
		harmless(
			`asks for ${path}`,
			() => [
				['public', 'GET', path],
				['viewer', 'POST', path, { item: '1', to: '2' }],
			],
			[200, 301, 302, 400, 401, 403, 404, 405],
		),
	),
);

const csrf: Attack[] = [
	...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''].map((type) =>
		refused(
			`has a signed-in browser flag fixes by a form of type "${type}"`,
			(s) => [
				'public',
				'POST',
				'/positions/flag-faulty',
				JSON.stringify({
					reason: 'forged',
					ranges: [{ device_id: s.own.draft.imei, from: '2026-06-07T08:00:30Z', to: '2026-06-07T08:00:40Z' }],
				}),
				{ Cookie: s.session.cookie, 'Content-Type': type, Origin: 'https://elsewhere.example' },
			],
			[400, 403, 415],
		),
	),
	refused(
		'has a signed-in browser write an item by a form',
		(s) =>
			['text/plain', 'application/x-www-form-urlencoded'].flatMap((type): Ask[] => [
				[
					'public',
					'POST',
					'/items/organization_devices',
					JSON.stringify({ organization: s.own.organization, device: s.own.draft.device }),
					{ Cookie: s.session.cookie, 'Content-Type': type },
				],
				[
					'public',
					'POST',
					'/graphql',
					`query=mutation{delete_entry_devices_item(id:"${s.own.draft.assignment}"){id}}`,
					{ Cookie: s.session.cookie, 'Content-Type': type },
				],
			]),
		[400, 403, 415],
	),
	refused(
		'has a signed-in browser delete an item by a GET of GraphQL',
		(s) => [
			'public',
			'GET',
			`/graphql?query=${encodeURIComponent(`mutation { delete_entry_devices_item(id: "${s.own.draft.assignment}") { id } }`)}`,
			undefined,
			{ Cookie: s.session.cookie },
		],
		[400, 403, 405],
	),
	{
		...harmless('asks whether pages of elsewhere may read with the browser’s session', (s) => [
			'public',
			'OPTIONS',
			'/positions/flag-faulty',
			undefined,
			{ Origin: 'https://elsewhere.example', 'Access-Control-Request-Method': 'POST', Cookie: s.session.cookie },
		]),
		send: async (client, ask) => {
			const response = await fetch(`${client.url}${ask[2]}`, { method: ask[1], headers: ask[4] ?? {} });
			return { status: response.status, body: [...response.headers.keys()].join() };
		},
		judge: ([answer]) => (String(answer?.body).includes('access-control-allow-origin') ? 'they may' : null),
	},
];

const methods: Attack[] = [
	refused(
		'overrides the method of a request',
		(s) =>
			['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'].map(
				(header): Ask => [
					'viewer',
					'POST',
					`/items/entries/${s.own.draft.entry}?_method=DELETE`,
					{ status: 'finished' },
					{ [header]: 'DELETE' },
				],
			),
		[403, 404],
	),
	raw(
		harmless(
			'uses methods that no route knows',
			(s) =>
				['TRACE', 'PROPFIND', 'LOCK', 'MOVE', 'PUT', 'PURGE', 'LINK', 'REPORT'].map(
					(method): Ask => ['viewer', method, `/items/entries/${s.own.draft.entry}`],
				),
			[400, 403, 404, 405, 501],
		),
	),
	refused('searches where searching needs what he has not', () => [
		['public', 'SEARCH', '/users', { query: { fields: ['email'] } }],
		['competitor', 'SEARCH', '/items/organization_users', {}],
		['public', 'SEARCH', '/permissions', { query: {} }],
		['owner', 'SEARCH', '/access', { query: { limit: -1 } }],
	]),
	raw(
		harmless(
			'claims to be another address, host and protocol',
			() => [
				['public', 'GET', '/users', undefined, { 'X-Forwarded-For': '127.0.0.1', Host: 'evil.example' }],
				['public', 'GET', '/users/me', undefined, { 'X-Forwarded-User': 'admin@example.com', 'Remote-User': 'admin' }],
				[
					'public',
					'POST',
					'/auth/password/request',
					{ email: 'x@x.org', reset_url: 'https://evil.example' },
					{ Host: 'evil.example' },
				],
				['public', 'GET', '/auth/login/google?redirect=https://evil.example'],
				['public', 'POST', '/utils/resolve-redirect', { redirect: 'https://evil.example' }],
			],
			[204, 400, 401, 403, 404],
		),
	),
	raw(
		harmless(
			'sends lengths that do not fit, and headers that end early',
			() => [
				['public', 'POST', '/auth/login', '{}', { 'Transfer-Encoding': 'chunked', 'Content-Length': '2' }],
				['public', 'POST', '/auth/login', '{"a":', { 'Content-Encoding': 'gzip' }],
				['public', 'POST', '/auth/login', 'x', { 'Content-Type': 'application/json; charset=utf-7' }],
				['public', 'GET', '/items/events', undefined, { Cookie: 'directus_session_token='.concat('a'.repeat(6_000)) }],
			],
			[200, 400, 401, 403, 413, 415, 431],
		),
	),
	raw(
		harmless(
			'opens a websocket, for GraphQL, for items and for the log',
			(s) =>
				['/graphql', '/websocket', '/websocket/logs', '/'].flatMap((path): Ask[] => [
					[
						'owner',
						'GET',
						`${path}?access_token=${s.session.access}`,
						undefined,
						{
							Connection: 'Upgrade',
							Upgrade: 'websocket',
							'Sec-WebSocket-Version': '13',
							'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
							Cookie: s.session.cookie,
						},
					],
				]),
			[200, 302, 400, 401, 403, 404, 426],
		),
	),
];

export const http: Group[] = [
	{ name: 'tables that are no collections', attacks: tables },
	{ name: 'paths', attacks: paths },
	{ name: 'a browser that is signed in', attacks: csrf },
	{ name: 'methods and headers', attacks: methods },
];
