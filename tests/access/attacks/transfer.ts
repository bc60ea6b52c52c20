import { canary, newSlug } from '../side.js';
import { harmless, nothing, refused, type Ask, type Attack, type Group } from './attack.js';
import type { Caller } from '../client.js';

const BOUNDARY = 'boundary-of-the-attack';

/** A file in a form, as a browser sends it. */
function upload(as: Caller, path: string, type: string, content: string, fields: Record<string, string> = {}): Ask {
	const parts = Object.entries(fields).map(
		([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;

	return [
		as,
		'POST',
		path,
		`${parts.join('')}${file}--${BOUNDARY}--\r\n`,
		{ 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
	];
}

const json = (as: Caller, collection: string, rows: unknown) =>
	upload(as, `/utils/import/${collection}`, 'application/json', JSON.stringify(rows));

const imports: Attack[] = [
	refused('imports what he may write as items, in the foreground and behind the answer', (s) => [
		json('race_director', 'vehicles', [{ id: s.own.draft.vehicle, make: canary() }]),
		json('owner', 'events', [{ id: s.own.draft.event, name: canary() }]),
		upload('owner', '/utils/import/events?background=true', 'text/csv', `id,name\n${s.own.draft.event},x\n`),
		upload('owner', '//Utils/%69mport/events/', 'text/csv', `id,name\n${s.own.draft.event},x\n`),
	]),
	refused('imports an event of B', (s) =>
		json('owner', 'events', [
			{
				name: canary(),
				slug: newSlug(),
				organization: s.foreign.organization,
				start_date: '2026-06-06',
				end_date: '2026-06-07',
				timezone: 'UTC',
			},
		]),
	),
	refused("overwrites B's event by importing its id", (s) =>
		json('owner', 'events', [{ id: s.foreign.published.event, name: 'taken' }]),
	),
	refused("takes B's class by importing its id as a CSV", (s) =>
		upload(
			'owner',
			'/utils/import/classes',
			'text/csv',
			`id,event\n${s.foreign.published.class},${s.own.draft.event}\n`,
		),
	),
	refused('imports memberships, into A above his rank and into B', (s) => [
		json('race_director', 'organization_users', [
			{ organization: s.own.organization, user: s.colleague, role: 'owner' },
		]),
		json('owner', 'organization_users', [
			{ organization: s.foreign.organization, user: s.persons.owner, role: 'owner' },
		]),
		upload('marshal', '/utils/import/organization_users', 'text/csv', `id,role\n${s.memberships.colleague},owner\n`),
	]),
	refused('imports users, roles, policies and permissions', () =>
		['directus_users', 'directus_roles', 'directus_policies', 'directus_permissions', 'directus_access'].map(
			(collection) => json('owner', collection, [{ name: canary(), email: `${canary()}@example.com` }]),
		),
	),
	refused('imports flags, which nobody may change', (s) =>
		json('owner', 'position_flags', [{ device: s.own.draft.device }]),
	),
	refused('imports a nested column of a CSV into another row', (s) =>
		upload(
			'owner',
			'/utils/import/entries',
			'text/csv',
			`id,vehicle.id,vehicle.make\n${s.own.draft.entry},${s.foreign.published.vehicle},taken\n`,
		),
	),
	refused('imports without signing in, and as those who only read', (s) => [
		json('public', 'events', [{ id: s.own.published.event, name: 'taken' }]),
		json('competitor', 'entries', [{ id: s.own.draft.entry, status: 'finished' }]),
		json('processor', 'devices', [{ imei: '350000000000009' }]),
		json('metrics', 'events', [{ name: 'x' }]),
	]),
	refused('imports what is no CSV, no JSON, and what spoils the prototype', () => [
		upload('owner', '/utils/import/events', 'text/csv', '__proto__.admin,constructor.prototype.admin\ntrue,true\n'),
		upload('owner', '/utils/import/events', 'application/json', '{"__proto__":{"admin":true}}'),
		upload('owner', '/utils/import/events', 'application/json', '[1,2,'),
		upload('owner', '/utils/import/events', 'text/html', '<b>'),
		['owner', 'POST', '/utils/import/events', '[]'],
		['owner', 'POST', '/utils/import/constructor', '[]'],
	]),
];

const exports: Attack[] = [
	...(['csv', 'json', 'xml', 'yaml'] as const).map((format) =>
		harmless(`exports all that there is as ${format}`, () =>
			['entries', 'vehicles', 'organizations'].map(
				(collection): Ask => ['marshal', 'GET', `/items/${collection}?limit=-1&export=${format}&fields=*.*`],
			),
		),
	),
	refused('exports into a file', (s) => [
		[
			'owner',
			'POST',
			'/utils/export/entries',
			{ query: { limit: -1 }, format: 'csv', file: { folder: s.system.folder } },
		],
		['public', 'POST', '/utils/export/events', { query: {}, format: 'json', file: {} }],
		['owner', 'POST', '/utils/export/directus_users', { query: { fields: ['password'] }, format: 'csv' }],
	]),
	harmless('exports users with their passwords and tokens', () => [
		['owner', 'GET', '/users?export=csv&fields=email,password,token&limit=-1'],
		['marshal', 'GET', '/users?export=xml&fields=*.*&limit=-1'],
	]),
	harmless(
		'exports in a format that there is none of',
		() => [
			['owner', 'GET', '/items/events?export=../../etc/passwd'],
			['owner', 'GET', '/items/events?export=__proto__'],
			['owner', 'GET', '/items/events?export[]=csv'],
		],
		null,
	),
];

const INSIDE = [
	'http://127.0.0.1:6379/',
	'http://169.254.169.254/latest/meta-data/',
	'file:///etc/passwd',
	'http://[::1]:5432/',
];

const files: Attack[] = [
	...INSIDE.map((url) =>
		refused(`has the server fetch ${url}`, () =>
			(['owner', 'competitor', 'public'] as const).map(
				(role): Ask => [role, 'POST', '/files/import', { url, data: {} }],
			),
		),
	),
	refused('uploads a file, also into a folder of others and over one of others', (s) => [
		upload('owner', '/files', 'text/html', '<script>1</script>'),
		upload('owner', '/files', 'image/svg+xml', '<svg onload="x()"/>', { folder: s.system.folder }),
		upload('marshal', '/files', 'text/plain', 'x', { filename_disk: '../../entrypoint.sh', storage: 'local' }),
		upload('public', '/files', 'text/plain', 'x'),
	]),
	refused('reads, changes and deletes a file of others', (s) => [
		['owner', 'GET', `/files/${s.system.file}`],
		['owner', 'GET', `/files?filter[id][_eq]=${s.system.file}`],
		['owner', 'PATCH', `/files/${s.system.file}`, { title: 'x', filename_disk: '../../../etc/passwd' }],
		['marshal', 'DELETE', `/files/${s.system.file}`],
		['public', 'DELETE', '/files', [s.system.file]],
	]),
	refused('fetches the content of a file of others', (s) => [
		['owner', 'GET', `/assets/${s.system.file}`],
		['public', 'GET', `/assets/${s.system.file}?download`],
		['public', 'GET', `/assets/${s.system.file}?key=system-small-cover`],
		['marshal', 'GET', `/assets/${s.system.file}/x.txt`],
	]),
	refused('reads, makes and deletes folders', (s) => [
		['owner', 'GET', '/folders'],
		['owner', 'POST', '/folders', { name: canary(), parent: s.system.folder }],
		['owner', 'DELETE', `/folders/${s.system.folder}`],
	]),
	refused('points his picture at a file of others', (s) => [
		['marshal', 'PATCH', '/users/me', { avatar: s.system.file }],
		['owner', 'PATCH', '/users/me', { avatar: { id: s.system.file, title: 'x' } }],
	]),
	nothing('finds files and folders by a search', (s) => [
		['owner', 'GET', `/files?search=${s.system.secrets[0]}`],
		['marshal', 'GET', '/files?aggregate[count]=*'],
		['public', 'GET', '/folders?aggregate[count]=*'],
	]),
	harmless(
		'uploads in pieces, where that is not offered',
		() => [
			['owner', 'POST', '/files/tus', undefined, { 'Tus-Resumable': '1.0.0', 'Upload-Length': '10' }],
			['public', 'PATCH', '/files/tus/11111111-2222-4333-8444-555555555555', 'x', { 'Tus-Resumable': '1.0.0' }],
		],
		[400, 403, 404, 405],
	),
];

export const transfer: Group[] = [
	{ name: 'importing', attacks: imports },
	{ name: 'exporting', attacks: exports },
	{ name: 'files', attacks: files },
];
