import { describe, expect, it } from 'vitest';
import { measureDocument } from './graphql-document.js';
import { closedField, closedPath } from './open-operations.js';

const status = (error: Error | undefined) => (error as { status?: number } | undefined)?.status;
const KEY = '11111111-2222-4333-8444-555555555555';

it.each([
	...['items/events', `items/events/${KEY}`, 'users', `users/${KEY}`, 'USERS/me', 'presets/17', 'graphql/system'],
	...[
		'auth/login/google/callback',
		'server/specs/graphql/items',
		'positions/flag-faulty',
		'permissions/me/events/1',
		'',
	],
])('/%s is open', (path) => {
	expect(closedPath(path.split('/').filter(Boolean))).toBeUndefined();
});

it.each([
	...['utils/sort/classes', 'Utils/Hash/verify', 'utils/anything', 'schema/snapshot', 'users/invite', 'files/import'],
	...['files/tus', `users/${KEY}/tfa/disable`, `versions/${KEY}/promote`, 'server/setup', 'utils', 'extensions'],
	...['shares/invite', 'settings/owner', 'deployments', 'items', 'items/a/b/c', 'auth/anything', 'assets/folder/x/y'],
])('/%s is closed', (path) => {
	expect(status(closedPath(path.split('/')))).toBe(403);
});

it.each(['metrics', 'mcp', 'ai/chat', 'an-extension/of-others'])('/%s does not exist', (path) => {
	expect(status(closedPath(path.split('/')))).toBe(404);
});

it.each([
	...['users', 'users_by_id', 'users_aggregated', 'update_users_item', 'create_presets_items', 'update_users_batch'],
	...[
		'users_me',
		'update_users_me',
		'auth_login',
		'server_ping',
		'_empty',
		'__schema',
		'collections_by_name',
		'update_settings',
	],
])('the field %s is open', (name) => {
	expect(closedField(name)).toBeUndefined();
});

it.each([
	...['utils_sort', 'utils_hash_generate', 'utils_hash_verify', 'utils_revert', 'utils_cache_clear', 'import_file'],
	...['users_invite', 'create_collections_item', 'update_fields_item', 'delete_relations_item', 'extensions'],
	...['update_extensions_item', 'deployments', 'create_deployment_runs_item', 'anything', 'users_anything'],
])('the field %s is closed', (name) => {
	expect(status(closedField(name))).toBe(403);
});

describe('the fields at the top of a document', () => {
	it.each([
		['{ a b }', ['a', 'b']],
		['{ x: utils_sort y: utils_sort }', ['utils_sort', 'utils_sort']],
		['mutation M { ...F } fragment F on Mutation { ...G } fragment G on Mutation { utils_sort }', ['utils_sort']],
		['{ ... on Query { a ... { b } } }', ['a', 'b']],
		['query A { a } mutation B { b }', ['a', 'b']],
		['{ ...F } fragment F on Query { a ...F }', ['a']],
		['{ ...missing a }', ['a']],
	])('of %s', (text, names) => expect(measureDocument(text, 100)?.top).toEqual(names));

	it.each([['{'], [''], [5], [undefined], [`{ ${'a '.repeat(200)} }`]])('of %j there are none', (text) => {
		expect(measureDocument(text, 100)).toBeUndefined();
	});
});
