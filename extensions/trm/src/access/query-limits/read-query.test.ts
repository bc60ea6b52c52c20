import type { Query, SchemaOverview } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { excessOf, MEMBER_LIMITS, PUBLIC_LIMITS } from './query-size.js';
import { addedByGuard } from './read-filter.js';
import { readQuery } from './read-query.js';

const fields = (types: Record<string, string>) =>
	Object.fromEntries(Object.entries({ id: 'uuid', ...types }).map(([field, type]) => [field, { field, type }]));

const schema = {
	collections: {
		organizations: { primary: 'id', fields: fields({ name: 'string', events: 'alias', users: 'alias' }) },
		events: {
			primary: 'id',
			fields: fields({ name: 'string', start_date: 'date', keys: 'json', organization: 'uuid', entries: 'alias' }),
		},
		entries: { primary: 'id', fields: fields({ race_number: 'integer', event: 'uuid' }) },
		organization_users: { primary: 'id', fields: fields({ role: 'string', organization: 'uuid' }) },
		blocks: { primary: 'id', fields: fields({ item: 'string' }) },
	},
	relations: [
		['events', 'organization', 'organizations', 'events'],
		['entries', 'event', 'events', 'entries'],
		['organization_users', 'organization', 'organizations', 'users'],
		['blocks', 'item', null, null, ['events']],
	].map(([collection, field, related_collection, one_field, one_allowed_collections]) => ({
		collection,
		field,
		related_collection,
		meta: { one_field, one_allowed_collections },
	})),
} as unknown as SchemaOverview;

const rows = { usual: 100, most: 20_000, has: () => Infinity as number };
const read = (query: object, collection = 'events', isAdministrator = false, has = rows.has) =>
	readQuery({ schema, isAdministrator }, collection, query as Query, { ...rows, has });
const nest = (path: string[], condition: object) =>
	path.reduceRight<object>((inner, name) => ({ [name]: inner }), condition);

/** Spellings that Directus knows, or takes for something else than they are, at each place of a path. */
const SPELLINGS = [
	...['organization:organizations', 'organization:events', 'organization:__proto__', 'organization:'],
	...['$FOLLOW(entries,name)', 'json(keys,$[0])', 'json(keys, a.b)', 'count(.)', 'count()', 'count(a,b)', '()', 'year'],
	...['year(name)', 'count(name)', 'lower(name)', 'year(year(start_date))', '__proto__', 'constructor', 'toString', ''],
	...[' name', 'name ', 'na me', 'name;', '"name"', 'name\0', 'ｎame', '$thumbnail', '_deep', '*.name', 'name->x'],
];

describe('a spelling that is not understood is refused', () => {
	it.each(SPELLINGS)('%j', (part) => {
		const refused = expect.objectContaining({ status: expect.toBeOneOf([400, 403]) });
		const everywhere = [
			{ sort: [part] },
			{ sort: [`-${part}`] },
			{ sort: [`organization.${part}`] },
			{ group: [part] },
			{ aggregate: { max: [part] } },
			{ aggregate: { [part]: ['id'] } },
			{ filter: { [part]: { _nnull: true } } },
			{ filter: { _and: [{ organization: { _some: { [part]: { _eq: 1 } } } }] } },
			{ filter: nest(['organization', part, 'name'], { _eq: 1 }) },
			{ deep: { [part]: { _limit: 1 } } },
			{ deep: { entries: { _sort: [part] } } },
			{ deep: { entries: { _filter: { [part]: { _eq: 1 } } } } },
			{ fields: ['x'], alias: { x: part } },
			...(part === '*.name' ? [] : [{ fields: [part] }, { fields: [`organization.${part}`] }]),
		];
		for (const query of everywhere) expect(() => read(query), JSON.stringify(query)).toThrow(refused);
	});

	it.each([
		['what cannot be told from an operator', { filter: { _and: { name: { _eq: 1 } } } }],
		['an operator without a field', { filter: { _eq: 1 } }],
		['a list as a filter', { filter: [{ name: { _eq: 1 } }] }],
		['a filter behind a value', { filter: { name: { id: { _eq: 1 } } } }],
		['fields behind a value', { fields: ['name.id'] }],
		['a part of deep that has no meaning there', { deep: { entries: { _aggregate: { count: ['*'] } } } }],
		['deep in deep', { deep: { entries: { _deep: { event: {} } } } }],
		['a number that is none', { deep: { entries: { _limit: Number.NaN } } }],
		['another name for a function', { alias: { n: 'count(entries)' } }],
		['another name for a function inside of deep', { deep: { entries: { _alias: { n: 'count(event)' } } } }],
		['the average of texts', { aggregate: { avg: ['name'] } }],
		['groups by a document', { group: ['keys'] }],
		['an order of documents', { sort: ['keys'] }],
		['the order of groups by another field', { group: ['name'], sort: ['start_date'] }],
		['a range of one', { filter: { name: { _between: [1] } } }],
		['one value where there should be a list', { filter: { name: { _in: 'x' } } }],
		['text that is none', { filter: { name: { _icontains: 5 } } }],
		['a date that there is none of', { filter: { start_date: { _gt: new Date(Number.NaN) } } }],
	])('%s', (_, query) => {
		expect(() => read(query)).toThrow(expect.objectContaining({ status: expect.toBeOneOf([400, 403]) }));
	});
});

it.each([
	[
		'everything that there is',
		{ fields: ['*', 'year(start_date)', 'organization.name', 'entries.race_number', 'x.name'] },
	],
	['orders', { sort: ['start_date', '-organization.name', '?', 'entries.race_number'] }],
	['groups', { group: ['year(start_date)'], aggregate: { count: ['*'] }, sort: ['-year(start_date)', 'count'] }],
	[
		'filters',
		{
			filter: { _or: [{ name: 'x' }, { entries: { _none: { id: { _eq: 1 } } } }, { 'year(start_date)': { _gt: 1 } }] },
		},
	],
	['lists', { deep: { entries: { _sort: ['-race_number'], _limit: -1, _filter: { event: { name: { _eq: 1 } } } } } }],
	['nothing', { fields: null, sort: null, filter: null, aggregate: null, group: null, alias: null }],
])('%s are read', (_, query) => {
	expect(() => read({ alias: { x: 'organization' }, ...query })).not.toThrow();
});

it('administrators may name a collection of a many-to-any, values in a document, and relations from behind', () => {
	expect(() => read({ fields: ['item:events.name'] }, 'blocks', true)).not.toThrow();
	expect(() => read({ fields: ['json(keys, a.b)'] }, 'events', true)).not.toThrow();
	expect(() =>
		read({ filter: { '$FOLLOW(blocks,item)': { _none: { id: { _eq: 1 } } } } }, 'events', true),
	).not.toThrow();
	expect(() => read({ filter: { '$FOLLOW(entries,name)': { _none: {} } } }, 'events', true)).toThrow();
	expect(() => read({ fields: ['item:entries.id'] }, 'blocks', true)).toThrow();
	expect(() => read({ fields: ['item:events.name'] }, 'blocks')).toThrow();
});

describe('what a query costs', () => {
	const size = (query: object, collection?: string) => read(query, collection).size;

	it('counts values of the answer: items by the fields of each, lists by their limits', () => {
		expect(size({ fields: ['id', 'name'] }).cells).toBe(200);
		expect(size({ fields: ['id'], limit: 20_000 }).cells).toBe(20_000);
		expect(size({ fields: ['entries.id'], limit: 1, deep: { entries: { _limit: -1 } } }).cells).toBe(20_000);
		expect(size({ fields: ['id', 'organization.name'], limit: 5 }).cells).toBe(10);
		expect(size({ fields: ['entries.id'], limit: 5 }).cells).toBe(500);
		expect(size({ fields: ['entries.id'], limit: 5, deep: { entries: { _limit: 2 } } }).cells).toBe(10);
		expect(size({ fields: ['entries'], limit: 1 }).cells).toBe(100);
		expect(size({ fields: ['*'], limit: 1 }).cells).toBe(105);
		expect(size({ fields: ['x.id'], alias: { x: 'entries' }, limit: 1, deep: { x: { _limit: 3 } } }).cells).toBe(3);
	});

	it('knows that a query for keys answers no more items', () => {
		expect(size({ fields: ['id'], filter: { _and: [{ id: { _in: ['a', 'b'] } }, {}] } }).cells).toBe(2);
		expect(size({ fields: ['id'], filter: { _or: [{ id: { _eq: 'a' } }, {}] } }).cells).toBe(100);
	});

	it('knows queries of the server itself, and what an answer of the guard asks', () => {
		expect(size({ fields: ['id'], limit: -1 }).cells).toBe(0);
		const unlimited = { usual: 100, most: Infinity, has: () => 500 };
		const all = { fields: ['id'], limit: -1 } as Query;
		expect(readQuery({ schema, isAdministrator: false }, 'events', all, unlimited).size.cells).toBe(500);
		expect(size({ fields: ['id'], limit: -1, filter: { id: { _in: ['a', 'b'] } } }).cells).toBe(2);
		const filter = addedByGuard({ _and: [{ 'what Directus': { _knows: 1 } }] });
		expect(size({ filter: { _and: [{ id: { _eq: 1 } }, filter] } }).conditions).toBe(1);
	});

	it('counts relations: one behind the other, of the answer, of filters and sorts', () => {
		const query = {
			fields: ['organization.events.entries.id', 'entries.id'],
			filter: { organization: { users: { role: { _eq: 'x' } } }, entries: { race_number: { _eq: 1 } } },
			sort: ['organization.name'],
		};
		const expected = {
			depth: 3,
			branches: 4,
			joins: 3,
			lists: 2,
			sideBySide: 2,
			backs: 0,
			conditions: 2,
			subqueries: 2,
			values: 2,
		};
		expect(size(query)).toMatchObject(expected);
	});

	it('counts each value of a list', () => {
		const filter = { name: { _in: ['a', 'b', 'c'] }, start_date: { _between: ['2026-01-01', '2027-01-01'] } };
		expect(size({ filter })).toMatchObject({ conditions: 2, values: 5 });
	});

	it('counts no more related items than there are, unless a row comes several times', () => {
		const sized = (query: object, collection = 'events') => read(query, collection, false, () => 60).size.cells;
		expect(sized({ fields: ['id'], limit: 20_000 })).toBe(60);
		expect(sized({ fields: ['entries.id'], limit: 20_000 })).toBe(60);
		expect(sized({ fields: ['event.entries.id'], limit: 20_000 }, 'entries')).toBe(3_660);
	});

	it('sees lists side by side, and those that lead back', () => {
		const filter = (...paths: string[][]) => ({ filter: { _or: paths.map((path) => nest(path, { _eq: 1 })) } });
		expect(size(filter(['events', 'entries', 'id']), 'organizations')).toMatchObject({
			lists: 2,
			sideBySide: 1,
			backs: 0,
		});
		expect(size(filter(['events', 'id'], ['users', 'id']), 'organizations')).toMatchObject({ sideBySide: 2, backs: 0 });
		expect(size(filter(['event', 'entries', 'id']), 'entries')).toMatchObject({ lists: 1, backs: 1 });
		expect(size(filter(['entries', 'event', 'entries', 'id']))).toMatchObject({ backs: 2 });
		expect(size(filter(['organization', 'events', 'entries', 'id']), 'organization_users')).toMatchObject({ backs: 1 });
		expect(size({ sort: ['event.entries.race_number'] }, 'entries')).toMatchObject({ backs: 1 });
		expect(size(filter(['event', 'organization', 'users', 'id']), 'entries')).toMatchObject({ lists: 1, backs: 0 });
	});

	it('sees wildcards', () => {
		expect(size({ fields: ['*'] }).wildcard).toBe(0);
		expect(size({ fields: ['organization.*'] }).wildcard).toBe(1);
		expect(size({ fields: ['*.*'] }).wildcard).toBe(Infinity);
	});

	it('tells what is above its limit', () => {
		expect(excessOf(size({ fields: ['*', 'entries.race_number'] }), PUBLIC_LIMITS)).toBeUndefined();
		expect(excessOf(size({ fields: ['*.*'] }), MEMBER_LIMITS)).toContain('"*"');
		expect(excessOf(size({ fields: ['entries.id'], limit: 20_000 }), MEMBER_LIMITS)).toContain('limit');
	});
});

it('calls a list that the app asks for from behind by its name', () => {
	const unlinked = { _none: { event: { _eq: 1 } } };
	const { query } = read({ filter: { _and: [{ '$FOLLOW(entries,event)': unlinked }, { name: { _eq: 'x' } }] } });
	expect(query.filter).toEqual({ _and: [{ entries: unlinked }, { name: { _eq: 'x' } }] });
	expect(() => read({ filter: { '$FOLLOW(organization_users,organization)': unlinked } })).toThrow();
	expect(() => read({ filter: { '$FOLLOW(blocks,item)': unlinked } })).toThrow();
});

it('writes a function of a path as Directus reads it, so that what is counted is known', () => {
	const { query, counted } = read({ fields: ['count(organization.users)', 'name'] });
	expect(query.fields).toEqual(['organization.count(users)', 'name']);
	expect(counted).toEqual([{ collection: 'organizations', list: 'users' }]);
	const renamed = read({
		fields: ['x.y.count(entries)'],
		alias: { x: 'entries' },
		deep: { x: { _alias: { y: 'event' } } },
	});
	expect(renamed.counted).toEqual([{ collection: 'events', list: 'entries' }]);
});
