import { canary } from '../side.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

/** What nobody sets of himself, in whichever way he may change his own name. */
const OWN_FIELDS: [string, (s: Setting) => unknown][] = [
	['role', (s) => s.administrators.role],
	['role', (s) => ({ name: 'mine', policies: [{ policy: s.administrators.policy }] })],
	['policies', (s) => [{ policy: s.administrators.policy }]],
	['policies', () => ({ create: [{ policy: { name: 'mine', admin_access: true } }], update: [], delete: [] })],
	['token', () => 'a-token-that-i-know'],
	['status', () => 'active'],
	['email', () => 'admin@example.com'],
	['tfa_secret', () => 'JBSWY3DPEHPK3PXP'],
	['provider', () => 'ldap'],
	['external_identifier', () => 'somebody'],
	['auth_data', () => ({ refreshToken: 'x' })],
	['id', (s) => s.administrators.user],
	['last_access', () => '2026-01-01T00:00:00Z'],
	['memberships', (s) => [{ organization: s.foreign.organization, role: 'owner' }]],
];

const ownUser: Attack[] = OWN_FIELDS.map(([field, value], index) =>
	refused(`sets his own ${field} (${index + 1})`, (s) => [
		['marshal', 'PATCH', '/users/me', { [field]: value(s) }],
		['owner', 'PATCH', `/users/${s.persons.owner}`, { [field]: value(s) }],
		['competitor', 'PATCH', '/users/me', { [field]: value(s), language: 'en-US' }],
		['viewer', 'PATCH', '/users', [{ id: s.persons.viewer, [field]: value(s), first_name: 'x' }]],
	]),
);

const otherUsers: Attack[] = [
	refused("changes a colleague's password, e-mail, role and name", (s) =>
		[{ password: 'known-to-me' }, { email: 'x@example.com' }, { role: s.administrators.role }, { first_name: 'x' }].map(
			(body): Ask => ['owner', 'PATCH', `/users/${s.colleague}`, body],
		),
	),
	refused("changes the administrator's password", (s) => [
		['owner', 'PATCH', `/users/${s.administrators.user}`, { password: 'known-to-me' }],
		['owner', 'PATCH', '/users', { keys: [s.administrators.user], data: { password: 'known-to-me' } }],
		['marshal', 'PATCH', '/users', { query: { filter: { id: { _nnull: true } } }, data: { password: 'known-to-me' } }],
	]),
	refused('makes a user', (s) => [
		['owner', 'POST', '/users', { email: `${canary()}@example.com`, password: canary(), role: s.administrators.role }],
		['owner', 'POST', '/users', [{ email: `${canary()}@example.com`, password: canary() }]],
		['public', 'POST', '/users', { email: `${canary()}@example.com`, password: canary() }],
	]),
	refused('deletes users', (s) => [
		['owner', 'DELETE', `/users/${s.colleague}`],
		['owner', 'DELETE', '/users', [s.administrators.user]],
		['marshal', 'DELETE', `/users/${s.persons.marshal}`],
	]),
	refused('invites a user as an administrator', (s) => [
		['owner', 'POST', '/users/invite', { email: `${canary()}@example.com`, role: s.administrators.role }],
		['public', 'POST', '/users/invite', { email: `${canary()}@example.com`, role: s.administrators.role }],
	]),
	refused('registers, where nobody may', () => [
		['public', 'POST', '/users/register', { email: `${canary()}@example.com`, password: 'Aa1!aaaaaaaa' }],
	]),
	refused('takes two-factor authentication from a colleague and from the administrator', (s) => [
		['owner', 'POST', `/users/${s.colleague}/tfa/disable`, {}],
		['owner', 'POST', `/users/${s.administrators.user}/tfa/disable`, {}],
	]),
	refused(
		'accepts an invitation that nobody sent',
		() => [['public', 'POST', '/users/invite/accept', { token: 'eyJhbGciOiJub25lIn0.e30.', password: canary() }]],
		[403, 401],
	),
];

export const verticalUsers: Group[] = [
	{ name: 'rising by one’s own user', attacks: ownUser },
	{ name: 'rising by other users', attacks: otherUsers },
];
