import { canary } from '../side.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

/** Another site, and what browsers take for the same one: another port and another name of the host. `null` is a frame of no origin. */
const ORIGINS: [string, (s: Setting) => string][] = [
	['another site', () => 'https://elsewhere.example'],
	['another port', (s) => s.url.replace(/\d+$/, '1')],
	['another name of the host', (s) => s.url.replace('127.0.0.1', 'localhost')],
	['a frame without origin', () => 'null'],
];

/** What the operator may do himself. */
const DEEDS = (s: Setting): [method: string, path: string, body: object][] => [
	['PATCH', '/users/me', { last_name: canary() }],
	['POST', '/presets', { collection: 'events', bookmark: canary(), user: s.persons.operator }],
	['POST', '/items/devices', { imei: '350000000000017', organization: s.own.organization }],
	['PATCH', `/items/devices/${s.own.draft.device}`, { model: canary() }],
	[
		'POST',
		'/graphql',
		{ query: `mutation { update_devices_item(id: "${s.own.draft.device}", data: { model: "x" }) { id } }` },
	],
	[
		'POST',
		'/positions/flag-faulty',
		{ ranges: [{ device_id: s.own.draft.imei, from: '2026-06-07T08:00:30Z', to: '2026-06-07T08:00:40Z' }] },
	],
	['POST', '/auth/logout', { mode: 'session' }],
	['POST', '/auth/refresh', { mode: 'session' }],
];

const byPage = ([where, origin]: (typeof ORIGINS)[number]): Attack =>
	refused(`acts by the session of a browser from a page of ${where}`, (s) =>
		DEEDS(s).map(
			([method, path, body]): Ask => ['public', method, path, body, { Cookie: s.session.cookie, Origin: origin(s) }],
		),
	);

export const foreignPages: Group[] = [{ name: 'pages of elsewhere', attacks: ORIGINS.map(byPage) }];
