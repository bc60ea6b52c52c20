import type { SnapshotDiff } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { planOf, refusalsOf } from './plan.js';

// As deep-diff writes them: the thing itself without a path, a property below it with one.
const created = [{ kind: 'N', rhs: {} }];
const deleted = [{ kind: 'D', lhs: {} }];
const noteChanged = [{ kind: 'E', path: ['meta', 'note'], lhs: 'a', rhs: 'b' }];
const noteRemoved = [{ kind: 'D', path: ['meta', 'note'], lhs: 'a' }];

const diff = (parts: object) =>
	({ collections: [], fields: [], systemFields: [], relations: [], ...parts }) as unknown as SnapshotDiff;

describe('planOf', () => {
	it('has nothing to say of no difference', () => {
		expect(planOf(null)).toEqual({ lines: [], summary: '', deletions: [], losses: [], damages: [] });
	});

	it('counts what comes with a new collection instead of listing it', () => {
		const plan = planOf(
			diff({
				collections: [{ collection: 'vehicles', diff: created }],
				fields: [
					{ collection: 'vehicles', field: 'id', diff: created },
					{ collection: 'vehicles', field: 'make', diff: created },
				],
				relations: [{ collection: 'vehicles', field: 'owner', related_collection: 'users', diff: created }],
			}),
		);

		expect(plan.lines).toEqual(['create collection vehicles (2 fields, 1 relations)']);
		expect(refusalsOf(plan, false)).toEqual([]);
	});

	it('names each change of what exists', () => {
		const plan = planOf(
			diff({
				fields: [
					{ collection: 'vehicles', field: 'plate', diff: noteChanged },
					{ collection: 'vehicles', field: 'vin', diff: created },
				],
				relations: [{ collection: 'entries', field: 'vehicle', related_collection: 'vehicles', diff: deleted }],
			}),
		);

		expect(plan.lines).toEqual([
			'change field vehicles.plate: meta.note',
			'create field vehicles.vin',
			'delete relation entries.vehicle → vehicles',
		]);
	});

	it('counts a collection and a field as deletions, and the removal of a property in the meta of a field as a change', () => {
		const plan = planOf(
			diff({
				collections: [{ collection: 'crews', diff: deleted }],
				fields: [
					{ collection: 'vehicles', field: 'plate', diff: deleted },
					{ collection: 'vehicles', field: 'vin', diff: noteRemoved },
				],
			}),
		);

		expect(plan.deletions).toEqual(['crews', 'vehicles.plate']);
		expect(plan.lines).toContain('change field vehicles.vin: meta.note');
	});

	// Directus drops the whole thing for the first of these kinds and tries to create it again for the second.
	it.each([
		['collections', ['meta', 'note']],
		['collections', ['schema']],
		['fields', ['schema', 'max_length']],
		['fields', ['meta']],
		['relations', ['schema', 'on_delete']],
	])('never lets %s through with %j left out or added', (list, path) => {
		const thing = { collection: 'vehicles', field: 'plate', related_collection: null };
		const left = planOf(diff({ [list]: [{ ...thing, diff: [{ kind: 'D', path, lhs: 1 }] }] }));
		const added = planOf(diff({ [list]: [{ ...thing, diff: [{ kind: 'N', path, rhs: 1 }] }] }));

		expect(left.lines[0]).toMatch(/^delete .*, because the snapshot lacks its /);
		expect(refusalsOf(left, true).join()).toContain(`lacks ${path.join('.')} of`);
		expect(refusalsOf(added, true).join()).toContain(`adds ${path.join('.')} to`);
	});

	it.each([
		['type', 'string', 'integer', true],
		['schema.data_type', 'text', 'character varying', true],
		['schema.max_length', 255, 3, true],
		['schema.max_length', 255, 500, false],
		['schema.max_length', null, 255, true],
		['schema.numeric_precision', 10, 8, true],
		['schema.numeric_scale', 5, 2, true],
		['schema.is_nullable', true, false, false],
		['meta.note', 'a', 'b', false],
	])('asks before %s goes from %s to %s: %s', (path, lhs, rhs, asked) => {
		const change = { kind: 'E', path: path.split('.'), lhs, rhs };
		const plan = planOf(diff({ fields: [{ collection: 'vehicles', field: 'plate', diff: [change] }] }));

		expect(refusalsOf(plan, false).join().includes(`vehicles.plate (${path} `)).toBe(asked);
		expect(refusalsOf(plan, true)).toEqual([]);
	});

	it('takes a size that is left out beside another change for one that can cut', () => {
		const left = { kind: 'D', path: ['schema', 'max_length'], lhs: 500 };
		const plan = planOf(diff({ fields: [{ collection: 'vehicles', field: 'plate', diff: [...noteChanged, left] }] }));

		expect(plan.losses).toEqual(['vehicles.plate (schema.max_length 500 → none)']);
	});
});
