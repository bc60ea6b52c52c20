import { createHmac, randomUUID } from 'node:crypto';
import { alike, harmless, refused, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as Directus makes them, signed with a guess at its secret. */
function forged(payload: object, secret: string | null, algorithm = 'HS256'): string {
	const now = Math.floor(Date.now() / 1000);
	const claims = { iat: now, exp: now + 900, iss: 'directus', ...payload };
	const body = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`;
	const hash = algorithm === 'HS512' ? 'sha512' : 'sha256';
	return `${body}.${secret === null ? '' : createHmac(hash, secret).update(body).digest('base64url')}`;
}

const admin = ({ administrators: { user, role } }: Setting) => ({
	id: user,
	role,
	app_access: true,
	admin_access: true,
});

const bearing = (token: string): Ask[] => [
	[{ token }, 'GET', '/users/me'],
	[{ token }, 'GET', '/items/organization_users'],
	['public', 'GET', `/users?access_token=${encodeURIComponent(token)}`],
	['public', 'GET', '/users', undefined, { Cookie: `directus_session_token=${token}` }],
];

const unaccepted = (name: string, token: (s: Setting) => string): Attack =>
	refused(name, (s) => bearing(token(s)), [400, 401, 403]);

const forgeries: Attack[] = [
	unaccepted('signs in as the administrator with no signature', (s) => forged(admin(s), null, 'none')),
	unaccepted('spells "none" otherwise', (s) => forged(admin(s), null, 'nOnE')),
	...['', 'secret', 'directus', 'changeme', '255d861b-5ea1-5996-9aa3-922530ec40b1'].map((secret) =>
		unaccepted(`signs in with the secret "${secret}"`, (s) => forged(admin(s), secret)),
	),
	unaccepted('signs with another algorithm', (s) => forged(admin(s), 'public-key', 'RS256')),
	unaccepted('signs with more bits', (s) => forged(admin(s), 'secret', 'HS512')),
	unaccepted('puts other claims before a good signature', ({ session, ...s }) => {
		const [header, claims, signature] = session.access.split('.') as [string, string, string];
		const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...admin(s as Setting) };
		return `${header}.${part(changed)}.${signature}`;
	}),
	unaccepted('cuts the signature off', ({ session }) => session.access.split('.').slice(0, 2).join('.')),
	unaccepted('cuts the signature short', ({ session }) => session.access.slice(0, -4)),
	unaccepted('uses a refresh token', ({ session }) => session.refresh),
	unaccepted('uses a share’s id', ({ system }) => system.share),
	unaccepted('uses the id of the administrator', ({ administrators }) => administrators.user),
	unaccepted('uses an e-mail', ({ administrators }) => administrators.email),
	unaccepted('guesses a static token by a pattern', () => '%'),
	unaccepted('guesses a static token by SQL', () => "' OR token IS NOT NULL --"),
	unaccepted('uses very many dots', () => '.'.repeat(5_000)),
	unaccepted('uses a token of nobody', () => randomUUID()),
];

const asList = '?access_token[]=x&access_token[]=y';

const misuse: Attack[] = [
	refused(
		'gives a token in the address and one in the header',
		(s) => [
			['owner', 'GET', `/items/events?access_token=${s.tokens.marshal}`],
			['marshal', 'GET', `/users/me?access_token=${s.tokens.administrator?.slice(0, 4)}`],
		],
		[400, 401, 403],
	),
	harmless(
		'gives tokens as a list and as an object',
		() => [
			['public', 'GET', `/users/me${asList}`],
			['public', 'GET', '/users/me?access_token[a]=x'],
			['public', 'GET', '/items/organization_users?access_token[$ne]=x'],
		],
		[400, 401, 403],
	),
	refused(
		'uses a token of the metrics scheme as a bearer, and the other way round',
		(s) => [
			[{ token: 'a-metrics-token' }, 'GET', '/event-stream/status'],
			['public', 'GET', '/event-stream/status', undefined, { Authorization: `Metrics ${s.tokens.processor}` }],
			['public', 'GET', '/items/devices', undefined, { Authorization: `Metrics ${s.tokens.processor}` }],
			['public', 'GET', '/users', undefined, { Authorization: `Basic ${s.tokens.owner}` }],
			['public', 'GET', '/event-stream/status', undefined, { Authorization: `Bearer ${s.tokens.metrics} x` }],
		],
		[401, 403],
	),
	refused('writes with the processor’s token', (s) => [
		['processor', 'PATCH', `/items/devices/${s.own.draft.device}`, { status: 'lost' }],
		['processor', 'POST', '/items/devices', { imei: '350000000000007' }],
		['processor', 'PATCH', `/items/entries/${s.own.draft.entry}`, { status: 'finished' }],
		['processor', 'DELETE', `/items/events/${s.own.draft.event}`],
		['processor', 'PATCH', '/users/me', { password: 'x' }],
		[
			'processor',
			'POST',
			'/positions/flag-faulty',
			{
				reason: 'x',
				ranges: [{ device_id: s.own.draft.imei, from: '2026-06-07T08:00:30Z', to: '2026-06-07T08:00:40Z' }],
			},
		],
		['processor', 'POST', '/items/position_flags', { device: s.own.draft.device, faulty: true, reason: 'x' }],
	]),
	refused('reads users and roles with the processor’s and the metrics token', () => [
		['processor', 'GET', '/users'],
		['processor', 'GET', '/roles'],
		['processor', 'GET', '/activity'],
		['metrics', 'GET', '/users'],
		['metrics', 'GET', '/items/events?limit=1&fields=entries.crew.name&filter[entries][crew][name][_nnull]=true'],
		['metrics', 'GET', '/positions/track?device_id=1&from=2026-06-07T08:00:00Z&to=2026-06-07T09:00:00Z'],
	]),
	refused(
		'signs in with wrong passwords, with patterns and with objects',
		(s) =>
			['wrong', "' OR '1'='1", { $ne: null }, ['a'], null, ''].map(
				(password): Ask => ['public', 'POST', '/auth/login', { email: s.administrators.email, password }],
			),
		[400, 401],
	),
	alike(
		'tells by the answer who has an account',
		(s) =>
			[s.administrators.email, 'nobody@example.com'].map(
				(email): Ask => ['public', 'POST', '/auth/login', { email, password: 'wrong' }],
			),
		(s) => [s.administrators.email, 'nobody@example.com'],
	),
	alike('tells by a request for a new password who has an account', (s) =>
		['nobody@example.com', `x${s.session.email}`].map(
			(email): Ask => ['public', 'POST', '/auth/password/request', { email }],
		),
	),
	harmless(
		'renews a session with what is none',
		(s) => [
			['public', 'POST', '/auth/refresh', { refresh_token: s.session.access, mode: 'json' }],
			['public', 'POST', '/auth/refresh', { refresh_token: { $ne: 1 }, mode: 'json' }],
			['public', 'POST', '/auth/refresh', { refresh_token: ['a'], mode: 'json' }],
			['public', 'POST', '/auth/password/reset', { token: s.session.access, password: 'Known1!known' }],
			['public', 'POST', '/auth/logout', { refresh_token: 'x', mode: 'json' }],
		],
		[204, 400, 401, 403],
	),
];

const given: [string, unknown][] = [
	['id', '11111111-2222-4333-8444-555555555555'],
	['user_created', 'administrator'],
	['user_updated', 'administrator'],
	['date_created', '2001-01-01T00:00:00Z'],
	['date_updated', '2001-01-01T00:00:00Z'],
	['no_such_field', 1],
];

/** What nobody sets by himself, beside what he may set. */
const assignments: Attack[] = [
	...given.flatMap(([field, value]): Attack[] => [
		refused(`sets ${field} of an event, a class and a vehicle beside the name`, (s) => {
			const body = { [field]: value === 'administrator' ? s.administrators.user : value };
			return [
				['owner', 'PATCH', `/items/events/${s.own.draft.event}`, { name: 'x', ...body }],
				['race_director', 'PATCH', `/items/classes/${s.own.draft.class}`, { name: 'x', ...body }],
				['owner', 'PATCH', `/items/vehicles/${s.own.draft.vehicle}`, { make: 'x', ...body }],
				['operator', 'PATCH', `/items/devices/${s.own.draft.device}`, { model: 'x', ...body }],
			];
		}),
		refused(`gives ${field} to a new class and crew member`, (s) => {
			const body = { [field]: value === 'administrator' ? s.administrators.user : value };
			return [
				['owner', 'POST', '/items/classes', { event: s.own.draft.event, code: 'x', name: 'x', kind: 'moto', ...body }],
				['owner', 'POST', '/items/entry_crew', { entry: s.own.draft.entry, name: 'x', role: 'mechanic', ...body }],
			];
		}),
	]),
	refused('makes a row with the id of one of B', (s) => [
		[
			'owner',
			'POST',
			'/items/classes',
			{ id: s.foreign.draft.class, event: s.own.draft.event, code: 'x', name: 'x', kind: 'moto' },
		],
		[
			'owner',
			'POST',
			'/items/entries',
			{ id: s.foreign.published.entry, event: s.own.draft.event, class: s.own.draft.class, race_number: 99 },
		],
	]),
	refused('as timekeeper, sets more of an entry than its status', (s) =>
		[
			{ team: 'x' },
			{ race_number: 5 },
			{ class: s.plainClass },
			{ vehicle: null },
			{ status: 'started', event: s.own.published.event },
		].map((body): Ask => ['timekeeper', 'PATCH', `/items/entries/${s.own.draft.entry}`, body]),
	),
	refused('as operator, sets what a flag and an event hold', (s) => [
		['operator', 'PATCH', `/items/position_flags/${s.own.draft.flag}`, { faulty: false, matched: 0, changed: 0 }],
		['operator', 'PATCH', `/items/events/${s.own.draft.event}`, { status: 'live' }],
		['operator', 'POST', '/items/entry_crew', { entry: s.own.draft.entry, name: 'x', role: 'mechanic' }],
	]),
	harmless(
		'spoils the prototype',
		(s) =>
			[
				'{"__proto__":{"admin":true}}',
				'{"constructor":{"prototype":{"admin":true}}}',
				'{"status":{"__proto__":{"admin":true}}}',
			].flatMap((body): Ask[] => [
				['viewer', 'PATCH', `/items/entries/${s.own.draft.entry}`, body],
				['public', 'POST', '/auth/login', body],
				[
					'public',
					'GET',
					`/items/events?__proto__[admin]=true&filter[__proto__][admin]=true&deep[__proto__][_limit]=1`,
				],
			]),
		null,
	),
];

export const tokens: Group[] = [
	{ name: 'forged tokens', attacks: forgeries },
	{ name: 'tokens where they do not belong', attacks: misuse },
	{ name: 'setting what nobody sets', attacks: assignments },
];
