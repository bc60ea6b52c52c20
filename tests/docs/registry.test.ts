import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { SEED_COLLECTIONS, USERS } from '../../tools/seed/collections.js';
import { collections, COLLECTIONS, stampOf, type Collection } from '../../packages/event-contract/collections.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Field {
	collection: string;
	field: string;
	meta: { options: { choices?: { value: string }[] } | null; validation: object | null };
}

interface Relation {
	collection: string;
	field: string;
	related_collection: string;
}

const snapshot = load(read('snapshots/schema.yaml')) as {
	collections: { collection: string; schema?: object }[];
	fields: Field[];
	relations: Relation[];
};

/** Collections of ours that make no events of their rows: `trm.positions.flagged` tells of flags, and the processor writes positions. */
const UNPUBLISHED = ['position_flags', 'positions', 'event_stream'];

describe('the registry of published collections', () => {
	it('has every collection of the snapshot that makes events', () => {
		const ours = snapshot.collections.filter(({ schema }) => schema !== undefined).map(({ collection }) => collection);
		expect([...COLLECTIONS].sort()).toEqual(ours.filter((name) => !UNPUBLISHED.includes(name)).sort());
	});

	it('has what db-init/current/events.sql makes triggers for', () => {
		const [, list = ''] =
			/published_collections\(\)[^$]+\$\$\s*VALUES([^$]+)\$\$/.exec(read('db-init/current/events.sql')) ?? [];
		expect([...list.matchAll(/'(\w+)'/g)].map(([, name]) => name).sort()).toEqual([...COLLECTIONS].sort());
	});

	it('fills in the organisation as db-init/current/tenancy.sql does', () => {
		const sql = read('db-init/current/tenancy.sql');
		const calls =
			/ON public\.(\w+)\s+FOR EACH ROW EXECUTE FUNCTION trm\.stamp_organization\('(\w+)', '(\w+)', '(\w+)'\)/g;
		const stamped = COLLECTIONS.flatMap((collection) => {
			const stamp = stampOf(collection);
			return stamp === undefined ? [] : [[collection, stamp.field, stamp.parent, stamp.collection]];
		});
		expect([...sql.matchAll(calls)].map(([, ...of]) => of).sort()).toEqual(stamped.sort());
	});

	it('fills it in from where the relation of the snapshot leads', () => {
		for (const collection of COLLECTIONS) {
			const stamp = stampOf(collection);
			if (stamp === undefined) continue;
			const relation = snapshot.relations.find((one) => one.collection === collection && one.field === stamp.parent);
			expect(relation?.related_collection, collection).toBe(stamp.collection);
		}
	});

	it('gives nothing to a collection that is not in it', () => {
		expect(stampOf('toString')).toBeUndefined();
	});

	it('has the choices of the forms, and no other field offers any', () => {
		const offered = Object.fromEntries(COLLECTIONS.map((collection) => [collection, {} as Record<string, string[]>]));
		for (const { collection, field, meta } of snapshot.fields) {
			const values = meta.options?.choices?.map(({ value }) => value);
			const of = offered[collection];
			if (of !== undefined && values !== undefined) of[field] = values;
		}

		const registered = COLLECTIONS.map((collection) => [collection, collections[collection].choices]);
		expect(offered).toEqual(Object.fromEntries(registered));
	});

	it('has the choices that are let in', () => {
		const ruled = snapshot.fields.filter(
			({ meta, collection }) => meta.validation !== null && collection in collections,
		);
		const lists = ruled.flatMap(({ collection, field, meta }) => {
			const rule = meta.validation as { _and?: Record<string, { _in?: string[] }>[] };
			const values = rule._and?.map((one) => one[field]?._in).find((list) => list !== undefined);
			return values === undefined ? [] : [{ collection, field, values }];
		});

		expect(lists.length).toBeGreaterThan(5);
		for (const { collection, field, values } of lists) {
			const { choices } = collections[collection as Collection] as { choices: Record<string, readonly string[]> };
			expect(values, `${collection}.${field}`).toEqual(choices[field]);
		}
	});

	it('has what the seed loads', () => {
		const seeded = SEED_COLLECTIONS.map(({ collection }) => collection).filter((name) => name !== USERS);
		expect(seeded.sort()).toEqual([...COLLECTIONS].sort());
	});

	it('has what the policies and the tables of rights are about', () => {
		const { policies } = load(read('snapshots/access.yaml')) as {
			policies: { permissions: Record<string, unknown> }[];
		};
		const permitted = new Set(policies.flatMap(({ permissions }) => Object.keys(permissions)));
		const rights = read('tests/access/rights.txt');
		for (const collection of COLLECTIONS satisfies Collection[]) {
			expect(permitted).toContain(collection);
			expect(rights).toMatch(new RegExp(`^${collection}\\b`, 'm'));
		}
	});
});
