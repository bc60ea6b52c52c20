import type { SchemaOverview } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { keyOf, manyToOne, oneToMany, referencesOf, relatedTo } from './references.js';

const schema = {
	collections: { vehicles: { primary: 'plate' }, events: { primary: 'id' }, directus_users: { primary: 'id' } },
	relations: [
		{ collection: 'entries', field: 'event', related_collection: 'events', meta: { one_field: 'entries' } },
		{ collection: 'entries', field: 'vehicle', related_collection: 'vehicles', meta: { one_field: null } },
		{ collection: 'classes', field: 'parent', related_collection: 'classes', meta: { one_field: 'children' } },
		// A field that another one says the collection of.
		{ collection: 'comments', field: 'item', related_collection: null, meta: { one_collection_field: 'collection' } },
	],
} as unknown as SchemaOverview;

describe('relations', () => {
	it('are found from the side that points and from the side that is pointed to, and not from others', () => {
		const [toEvent] = schema.relations;
		expect(manyToOne(schema, 'entries', 'event')).toBe(toEvent);
		expect(oneToMany(schema, 'events', 'entries')).toBe(toEvent);
		expect(manyToOne(schema, 'events', 'entries')).toBeUndefined();
		expect(manyToOne(schema, 'classes', 'event')).toBeUndefined();
		expect(oneToMany(schema, 'vehicles', 'entries')).toBeUndefined();
	});

	it.each([
		['entries', 'event', 'events'],
		['events', 'entries', 'entries'],
		['classes', 'parent', 'classes'],
		['classes', 'children', 'classes'],
		['entries', 'race_number', undefined],
		['events', 'vehicle', undefined],
		['comments', 'item', undefined],
	])('%s.%s leads to %s', (collection, field, target) => {
		expect(relatedTo(schema, collection, field)).toBe(target);
	});
});

describe('keyOf', () => {
	it.each([
		['a key', 'events', 'a', 'a'],
		['a number as a key', 'events', 7, 7],
		['an object with the key', 'events', { id: 'a', name: 'x' }, 'a'],
		['an object with a key of another name', 'vehicles', { plate: 'TR 1', id: 'a' }, 'TR 1'],
		['an object of a collection that nobody knows', 'unknown', { id: 'a' }, 'a'],
		['an object for a new row', 'events', { name: 'x' }, null],
		['an object whose key is none', 'events', { id: { _eq: 'a' } }, null],
		['nothing', 'events', null, null],
		['no value at all', 'events', undefined, null],
	])('%s', (_, collection, value, key) => {
		expect(keyOf(schema, collection, value)).toBe(key);
	});
});

describe('referencesOf', () => {
	it('finds each row that the payload points to, by its key or as an object', () => {
		const payload = { event: { id: 'a', name: 'renamed' }, vehicle: 'TR 1', race_number: 7 };
		expect(referencesOf(schema, 'entries', payload)).toEqual([
			{ field: 'event', collection: 'events', key: 'a' },
			{ field: 'vehicle', collection: 'vehicles', key: 'TR 1' },
		]);
	});

	it('does not take lists, new rows and nothing for references', () => {
		expect(referencesOf(schema, 'events', { entries: ['a', 'b'] })).toEqual([]);
		expect(referencesOf(schema, 'entries', { event: { name: 'new' }, vehicle: null })).toEqual([]);
	});

	it('reads the collection from the payload where a field may point to several', () => {
		expect(referencesOf(schema, 'comments', { collection: 'vehicles', item: { plate: 'TR 1' } })).toEqual([
			{ field: 'item', collection: 'vehicles', key: 'TR 1' },
		]);
		expect(referencesOf(schema, 'comments', { item: 'a' })).toEqual([]);
	});
});
