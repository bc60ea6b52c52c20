import type { Accountability, SchemaOverview } from '@directus/types';
import { expect, it } from 'vitest';
import { checkKey, checkRelated } from './payload.js';

const schema = {
	collections: { events: { primary: 'id' }, entries: { primary: 'id' } },
	relations: [{ collection: 'entries', field: 'event', related_collection: 'events', meta: { one_field: 'entries' } }],
} as unknown as SchemaOverview;

const member = { user: 'me', admin: false } as Accountability;
const written = (collection: string, keys?: string[], accountability: Accountability | null = member) => ({
	schema,
	accountability,
	collection,
	keys,
});

it.each([
	{ entries: [null] },
	{ entries: [['x']] },
	{ entries: [true] },
	{ entries: 'x' },
	{ entries: { update: [{ race_number: 1 }] } },
	{ entries: { update: [null] } },
	{ entries: { update: {} } },
	{ entries: { create: ['x'] } },
	{ entries: { delete: [{}] } },
	{ entries: { upsert: [] } },
	{ entries: true },
])('%j is refused with 400', (payload) => {
	expect(() => checkRelated(written('events'), payload)).toThrow(
		expect.arrayContaining([expect.objectContaining({ status: 400 })]),
	);
});

it.each([[true], [[]], [['x']]])('a row %j that an entry points to is refused with 400', (event) => {
	expect(() => checkRelated(written('entries'), { event })).toThrow();
});

it.each([
	{ entries: [] },
	{ entries: null },
	{ entries: ['x', 1, { id: 'x' }, { race_number: 1 }] },
	{ entries: { create: [{}], update: [{ id: 'x' }], delete: ['x', 1] } },
	{ entries: {} },
	{ name: { any: 'thing' } },
])('%j is passed on', (payload) => {
	expect(() => checkRelated(written('events'), payload)).not.toThrow();
});

it.each([
	['a creation', written('events')],
	['a change', written('events', ['y'])],
	['a change of several', written('events', ['x', 'y'])],
])('a member chooses no key in %s', (_, what) => {
	expect(() => checkKey(what, { id: 'x', name: 'n' })).toThrow(expect.objectContaining({ status: 403 }));
	expect(() => checkKey(what, { name: 'n', id: null })).not.toThrow();
});

it('the key of the item itself, an administrator and the server itself are let through', () => {
	expect(() => checkKey(written('events', ['x']), { id: 'x' })).not.toThrow();
	expect(() => checkKey(written('events', undefined, { ...member, admin: true }), { id: 'x' })).not.toThrow();
	expect(() => checkKey(written('events', undefined, null), { id: 'x' })).not.toThrow();
});
