import type { Filter } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { guardFilter } from './guard-filter.js';
import { readerWith, right } from './test-reader.js';

const published = { status: { _eq: 'published' } };
const ofTeam = { team: { _nnull: true } };
const mine = { organization: { users: { user: { _eq: 'me' } } } };

/** Of published events everybody may read the name, of own ones everything; of vehicles the make, and nothing else. */
const reader = readerWith({
	events: [right(['id', 'name', 'organization', 'entries'], published), right(['*'], mine)],
	organizations: [right(['id', 'name']), right(['*'], { users: { user: { _eq: 'me' } } })],
	organization_users: [right(['*'], { user: { _eq: 'me' } })],
	entries: [right(['race_number', 'event', 'vehicle']), right(['*'], ofTeam)],
	vehicles: [right(['id', 'make'])],
});

const guarded = (collection: string, filter: object) => guardFilter(reader, collection, filter as Filter);

describe('guardFilter leaves alone', () => {
	it.each([
		['a field that every right gives', 'events', { name: { _eq: 'x' } }],
		['the key of the rows themselves, which no right needs to name', 'entries', { id: { _eq: 'x' } }],
		['a field that no right gives, which Directus refuses', 'vehicles', { plate: { _eq: 'x' } }],
		['a field that a right gives on all rows', 'events', { organization: { name: { _eq: 'x' } } }],
		['nothing', 'events', {}],
	])('%s', async (_, collection, filter) => {
		expect(await guarded(collection, filter)).toEqual(filter);
	});
});

describe('guardFilter confines to the rows that show what is asked about', () => {
	it('a field that one of several rights gives', async () => {
		const filter = { budget: { _gt: 5 } };
		expect(await guarded('events', filter)).toEqual({ _and: [filter, { _or: [mine] }] });
	});

	it('a field of a row that is pointed to', async () => {
		const filter = { organization: { status: { _eq: 'active' } } };
		const members = { organization: { users: { user: { _eq: 'me' } } } };
		expect(await guarded('events', filter)).toEqual({ _and: [filter, { _or: [members] }] });
	});

	it('also the key of a row that is pointed to, where not all of them may be read', async () => {
		const filter = { event: { id: { _eq: 'x' } } };
		const conditions = { _or: [{ event: published }, { event: mine }] };
		expect(await guarded('entries', filter)).toEqual({ _and: [filter, conditions] });
	});

	it('a list by itself: the keys of the rows in it', async () => {
		const filter = { entries: { _null: true } };
		const { _and: parts } = (await guarded('events', filter)) as { _and: object[] };
		expect(parts).toEqual([filter, { _or: [{ entries: ofTeam }] }]);
	});

	it('what stands behind a list, by _some or not', async () => {
		const condition = { entries: { team: { _eq: 'x' } } };
		const expected = { _and: [condition, { _or: [{ entries: ofTeam }] }] };
		expect(await guarded('events', condition)).toEqual(expected);
		expect(await guarded('events', { entries: { _some: condition.entries } })).toEqual(expected);
	});

	it('a field inside a function', async () => {
		const filter = { 'year(date_created)': { _eq: 2026 } };
		expect(await guarded('events', filter)).toEqual({ _and: [filter, { _or: [mine] }] });
	});

	it('each condition of a choice by itself', async () => {
		const [open, hidden] = [{ name: { _eq: 'x' } }, { budget: { _gt: 5 } }];
		expect(await guarded('events', { _or: [open, hidden] })).toEqual({
			_or: [open, { _and: [hidden, { _or: [mine] }] }],
		});
	});

	it('what a right for a list of rows says by _some', async () => {
		const some = readerWith({
			events: [right(['id']), right(['*'], { entries: { _some: { vehicle: { _null: true } } } })],
		});
		const filter = { name: { _eq: 'x' } };
		expect(await guardFilter(some, 'events', filter as Filter)).toEqual({
			_and: [filter, { _or: [{ entries: { vehicle: { _null: true } } }] }],
		});
	});
});

describe('guardFilter refuses', () => {
	it.each([
		['the number of rows of which some are hidden', 'organizations', { 'count(users)': { _gt: 5 } }],
		['what is not there, by a field', 'events', { entries: { _none: { race_number: { _gt: 5 } } } }],
		['what is not there, by another row', 'organizations', { users: { _none: { user: { _eq: 'x' } } } }],
		['what is not there, behind a row', 'events', { entries: { _none: { vehicle: { id: { _eq: 'x' } } } } }],
		['what is not there, behind another list', 'entries', { event: { entries: { _none: { id: { _eq: 'x' } } } } }],
		['what is not there, by a function', 'events', { entries: { _none: { 'year(id)': { _eq: 'x' } } } }],
	])('%s', async (_, collection, filter) => {
		await expect(guarded(collection, filter)).rejects.toMatchObject({ status: 403 });
	});

	it('not the number of rows that may all be read', async () => {
		const filter = { 'count(events)': { _gt: 5 } };
		const all = readerWith({ organizations: [right(['events'])], events: [right(['id'])] });
		expect(await guardFilter(all, 'organizations', filter as Filter)).toEqual(filter);
	});

	it('not a list that does not hold one row, named by its key', async () => {
		const filter = { entries: { _none: { id: { _eq: 'x' } } } };
		expect(await guarded('events', filter)).toEqual(filter);
	});
});
