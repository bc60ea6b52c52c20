import type { SchemaOverview } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { repeating, repeatsRows } from './repeated-rows.js';

const schema = {
	relations: [
		{ collection: 'entries', field: 'event', related_collection: 'events', meta: { one_field: 'entries' } },
		{ collection: 'members', field: 'event', related_collection: 'events', meta: { one_field: 'members' } },
	],
} as unknown as SchemaOverview;

describe('repeatsRows', () => {
	it.each([
		['nothing', {}],
		['a field', { race_number: { _eq: 1 } }],
		['a row that it points to', { event: { status: { _in: ['live'] } } }],
		['several of these', { _and: [{ event: { name: { _eq: 'x' } } }, { _or: [{ team: { _null: true } }] }] }],
	])('not for %s', (_, filter) => {
		expect(repeatsRows(schema, 'entries', filter)).toBe(false);
	});

	it.each([
		['a list', 'events', { members: { user: { _eq: 'me' } } }],
		['a list by _some', 'events', { members: { _some: { user: { _eq: 'me' } } } }],
		['a list behind a row', 'entries', { event: { members: { user: { _eq: 'me' } } } }],
		[
			'a list among others',
			'entries',
			{ _or: [{ team: { _null: true } }, { event: { members: { id: { _nnull: true } } } }] },
		],
	])('for %s', (_, collection, filter) => {
		expect(repeatsRows(schema, collection, filter)).toBe(true);
	});
});

it.each([
	[{ count: ['*'] }, 'count'],
	[{ min: ['year'], avg: ['year'] }, 'avg'],
	[{ countDistinct: ['id'], max: ['year'] }, undefined],
	[null, undefined],
])('repeating(%j) is %s', (aggregate, expected) => {
	expect(repeating(aggregate)).toBe(expected);
});
