import type { Filter, SchemaOverview } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { rowMatches, type Exists, type Row } from './row-matches.js';
import { Undecidable } from '../variables.js';

const column = (field: string) => [field, { field, alias: false }];
const alias = (field: string) => [field, { field, alias: true }];
const collection = (...fields: unknown[][]) => ({ primary: 'id', fields: Object.fromEntries(fields) });

const schema = {
	collections: {
		organizations: collection(column('id'), alias('users')),
		events: collection(column('id'), column('organization'), column('status')),
		entries: collection(column('id'), column('event')),
		devices: collection(column('id'), column('user_created'), alias('organizations')),
		organization_devices: collection(column('id'), column('organization'), column('device')),
	},
	relations: [
		['events', 'organization', 'organizations', 'events'],
		['entries', 'event', 'events', 'entries'],
		['organization_devices', 'organization', 'organizations', 'devices'],
		['organization_devices', 'device', 'devices', 'organizations'],
	].map(([many, field, one, list]) => ({
		collection: many,
		field,
		related_collection: one,
		meta: { one_field: list },
	})),
} as unknown as SchemaOverview;

const mine = { users: { _some: { user: { _eq: 'me' } } } } as Filter;

/** The database knows organisation "A" as mine, event "a" as of A, device "old" as linked to A. */
const exists: Exists = (asked, key, filter) => {
	const known: Record<string, unknown> = {
		'organizations/A': mine,
		'events/a': { organization: mine },
		'devices/old': { organizations: { _some: { organization: mine } } },
		'organization_devices/link': { organization: mine },
	};
	return Promise.resolve(JSON.stringify(known[`${asked}/${key}`]) === JSON.stringify(filter));
};

const coming = (asked: string, fields: Row, filter: object, key: string | null = null) =>
	rowMatches(schema, exists, { collection: asked, key, fields }, filter as Filter);

describe('rowMatches', () => {
	it.each<[string, string, Row, object, boolean]>([
		['no filter', 'entries', {}, {}, true],
		['a value', 'events', { status: 'draft' }, { status: { _in: ['draft'] } }, true],
		['another value', 'events', { status: 'live' }, { status: { _in: ['draft'] } }, false],
		['a value that is missing', 'events', {}, { status: { _null: true } }, true],
		['what must be there', 'events', {}, { status: { _nnull: true } }, false],
		['both of two', 'events', { status: 'a' }, { _and: [{ status: { _eq: 'a' } }, { status: { _neq: 'a' } }] }, false],
		['one of two', 'events', { status: 'a' }, { _or: [{ status: { _eq: 'b' } }, { status: { _eq: 'a' } }] }, true],
		['one of none', 'events', { status: 'a' }, { _or: [] }, false],
		['a row of mine', 'events', { organization: 'A' }, { organization: mine }, true],
		['a row of others', 'events', { organization: 'B' }, { organization: mine }, false],
		['a row that it names by object', 'events', { organization: { id: 'B' } }, { organization: mine }, false],
		['nothing pointed to', 'events', {}, { organization: mine }, false],
		['a row made with it', 'entries', { event: { organization: 'A' } }, { event: { organization: mine } }, true],
		[
			'a row of others made with it',
			'entries',
			{ event: { organization: 'B' } },
			{ event: { organization: mine } },
			false,
		],
	])('%s', async (_, asked, fields, filter, expected) => {
		expect(await coming(asked, fields, filter)).toBe(expected);
	});

	describe('of a row to be made, in the rows made with it', () => {
		const linked = { organizations: { _some: { organization: mine } } };

		it.each<[string, unknown, boolean]>([
			['none', undefined, false],
			['an empty list', [], false],
			['mine', [{ organization: 'A' }], true],
			['one of several', [{ organization: 'B' }, { organization: 'A' }], true],
			['of others', [{ organization: 'B' }], false],
			['mine, as changes', { create: [{ organization: 'A' }], update: [], delete: [] }, true],
			['an existing link of mine', ['link'], true],
			['an existing link of others', [{ id: 'other', organization: 'A' }], false],
		])('%s', async (_, organizations, expected) => {
			expect(await coming('devices', { organizations }, linked)).toBe(expected);
		});

		it('there must be none', async () => {
			const nobodys = { organizations: { _none: { organization: mine } } };
			expect(await coming('devices', { organizations: [{ organization: 'A' }] }, nobodys)).toBe(false);
			expect(await coming('devices', {}, nobodys)).toBe(true);
		});
	});

	it('asks the database for the rows that point to one that is there', async () => {
		const linked = { organizations: { _some: { organization: mine } } };
		expect(await coming('devices', { id: 'old' }, linked, 'old')).toBe(true);
		expect(await coming('devices', { id: 'new' }, linked, 'new')).toBe(false);
	});

	it.each([
		[{ status: { _contains: 'dra' } }, '_contains'],
		[{ 'year(date_created)': { _eq: 2026 } }, 'year(date_created)'],
		[{ '$FOLLOW(entries,event)': { _some: {} } }, '$FOLLOW(entries,event)'],
		[{ status: { name: { _eq: 'x' } } }, 'events.status'],
	])('does not guess about %j', async (filter, named) => {
		const evaluated = coming('events', { status: 'draft' }, filter);
		await expect(evaluated).rejects.toThrow(Undecidable);
		await expect(evaluated).rejects.toThrow(named);
	});
});
