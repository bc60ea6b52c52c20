import type { Query } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { confineQuery, guardQuery } from './guard-query.js';
import type { ReadContext } from './readable-rows.js';
import { readerWith, right, schema } from './test-reader.js';

const mine = { users: { user: { _eq: 'me' } } };
const live = { status: { _eq: 'live' } };

const reader = readerWith({
	organizations: [right(['id', 'name', 'events']), right(['*'], mine)],
	events: [right(['id', 'name', 'organization', 'entries']), right(['*'], live)],
	entries: [right(['id']), right(['*'], { team: { _nnull: true } })],
});

const confined = (collection: string, query: object) => confineQuery(reader, collection, query as Query);

/** The condition under which all of an organisation may be asked about. */
const onMine = { _and: [{ _or: [mine] }] };

describe('confineQuery', () => {
	it('keeps a query as it is that asks by nothing hidden', async () => {
		const query = { fields: ['*'], sort: ['-name'], filter: { name: { _eq: 'x' } }, limit: 5 };
		expect(await confined('organizations', query)).toEqual(query);
	});

	it.each([
		['sorts', { sort: ['country'] }],
		['sorts downwards', { sort: ['-country'] }],
		['groups', { group: ['country'] }],
		['aggregates', { aggregate: { max: ['country'] } }],
		['sorts by another name', { sort: ['shown'], alias: { shown: 'country' } }],
		['searches, which looks into all fields', { search: 'x' }],
	])('confines what a query %s by', async (_, query) => {
		expect(await confined('organizations', query)).toEqual({ ...query, filter: onMine });
	});

	it('takes a field that is sorted by for that one, whatever another is called in the answer', async () => {
		const query = { sort: ['country'], alias: { country: 'name' } };
		expect(await confined('organizations', query)).toMatchObject({ filter: expect.anything() });
	});

	it('does not take the outcome of an aggregation or the sign for all rows for a field', async () => {
		const query = { group: ['name'], aggregate: { countDistinct: ['*'] }, sort: ['-countDistinct.id', '?'] };
		expect(await confined('organizations', query)).toEqual(query);
	});

	it('adds its conditions to the filter, which is confined too', async () => {
		const filter = { country: { _eq: 'AL' } };
		const { filter: both } = await confined('organizations', { filter, sort: ['slug'] });
		expect(both).toEqual({ _and: [{ _and: [filter, { _or: [mine] }] }, { _or: [mine] }] });
	});

	it('sorts behind a row only where that one may be read', async () => {
		const { filter } = await confined('events', { sort: ['organization.country'] });
		expect(filter).toEqual({ _and: [{ _or: [{ organization: mine }] }] });
	});
});

describe('confineQuery, of what is asked inside a list', () => {
	it('confines it by the rights on the rows in the list', async () => {
		const deep = { events: { _sort: ['budget'], _limit: 5 } };
		expect((await confined('organizations', { deep })).deep).toEqual({
			events: { ...deep.events, _filter: { _and: [{ _or: [live] }] } },
		});
	});

	it('under another name, and in a list inside that one', async () => {
		const deep = { shown: { _limit: 5, entries: { _filter: { race_number: { _eq: 5 } } } } };
		const asked = await confined('organizations', { deep, alias: { shown: 'events' } });
		expect(asked.deep).toEqual({
			shown: {
				_limit: 5,
				entries: { _filter: { _and: [{ race_number: { _eq: 5 } }, { _or: [{ team: { _nnull: true } }] }] } },
			},
		});
	});

	it('leaves alone what leads nowhere', async () => {
		const deep = { name: { _limit: 5 } };
		expect((await confined('organizations', { deep })).deep).toEqual(deep);
	});
});

describe('confineQuery refuses', () => {
	it.each([
		['adding up what a right repeats', { aggregate: { sum: ['budget'] } }, 403],
		['counting the values of a field that a right repeats', { aggregate: { count: ['name'] } }, 403],
		['counting by keys and adding up', { aggregate: { count: ['*'], avg: ['budget'] } }, 403],
	])('%s', async (_, query, status) => {
		await expect(confined('organizations', query)).rejects.toMatchObject({ status });
	});

	it('adding up what a list repeats', async () => {
		const query = { aggregate: { sum: ['budget'] }, filter: { entries: { id: { _eq: 'x' } } } };
		await expect(confined('events', query)).rejects.toMatchObject({ status: 403 });
	});

	it('not counting rows that are there once', async () => {
		const query = { aggregate: { count: ['*'] } };
		expect(await confined('events', query)).toEqual(query);
	});
});

it('guardQuery leaves alone what the server itself asks', async () => {
	const query = { sort: ['country'], aggregate: {} } as Query;
	const context = { accountability: null, schema } as unknown as ReadContext;
	expect(
		await guardQuery(context, 'organizations', query, async () => ({ usual: 100, most: 20_000, has: () => Infinity })),
	).toBe(query);
});
