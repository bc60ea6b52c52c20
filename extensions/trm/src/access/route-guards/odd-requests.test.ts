import type { SchemaOverview } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { oddness } from './odd-requests.js';

const collections = { events: {} } as unknown as SchemaOverview['collections'];

/** @returns the status that the request is refused with; undefined where it is not. */
function statusOf(method: string, path: string, body: unknown = {}, query: Record<string, string | string[]> = {}) {
	const refusal = oddness({ method, segments: path.split('/'), body, query }, collections);
	return ([refusal].flat()[0] as { status?: number } | undefined)?.status;
}

describe('names that every object has', () => {
	it.each([
		'items/constructor',
		'items/__proto__/1',
		'Items/toString',
		'fields/hasOwnProperty/name',
		'collections/constructor',
		'relations/valueOf',
		'utils/import/constructor',
		'utils/sort/__proto__',
		'utils/export/isPrototypeOf',
	])('%s is no collection', (path) => {
		expect(statusOf('GET', path)).toBe(403);
	});

	it.each([
		'items/events',
		'items/events/constructor',
		'items/nothing',
		'items',
		'constructor',
		'users/constructor',
		'',
	])('%s is left to Directus', (path) => {
		expect(statusOf('GET', path)).toBeUndefined();
	});

	it('are answered as Directus answers', () => {
		expect(oddness({ method: 'GET', segments: ['items', 'constructor'], body: {}, query: {} }, collections)).toEqual(
			expect.objectContaining({
				message: `You don't have permission to access collection "constructor" or it does not exist. Queried in root.`,
			}),
		);
	});
});

describe('lists', () => {
	it.each([
		['POST', [{}, null]],
		['PATCH', ['x']],
		['DELETE', [{}]],
		['DELETE', [null]],
	])('%s with %j', (method, body) => {
		expect(statusOf(method, 'items/events', body)).toBe(400);
	});

	it.each([
		['POST', [{}, {}]],
		['DELETE', [1, 'x']],
		['SEARCH', ['x']],
	])('not %s with %j', (method, body) => {
		expect(statusOf(method, 'items/events', body)).toBeUndefined();
	});
});

describe('GraphQL', () => {
	it.each([
		{ query: 1 },
		{ query: ['{ a }'] },
		{ query: '{ a }', operationName: 5 },
		{ query: '{ a }', operationName: {} },
	])('%j', (body) => {
		expect(statusOf('POST', 'graphql', body)).toBe(400);
		expect(statusOf('POST', 'GraphQL/system', body)).toBe(400);
		expect(statusOf('POST', 'items/events', body)).toBeUndefined();
	});

	it.each([{ query: ['a', 'b'] }, { query: '{ a }', operationName: ['a'] }])('by the address, %j', (query) => {
		expect(statusOf('GET', 'graphql', {}, query)).toBe(400);
	});

	it.each([{ query: '{ a }' }, { query: '{ a }', operationName: null, variables: {} }, {}, null, undefined])(
		'not %j',
		(body) => {
			expect(statusOf('POST', 'graphql', body)).toBeUndefined();
		},
	);
});
