import type { SnapshotDiff } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { planOf } from './plan.js';

// As deep-diff writes them: the thing itself without a path, a property below it with one.
const created = [{ kind: 'N', rhs: {} }];
const deleted = [{ kind: 'D', lhs: {} }];
const noteChanged = [{ kind: 'E', path: ['meta', 'note'], lhs: 'a', rhs: 'b' }];
const noteRemoved = [{ kind: 'D', path: ['meta', 'note'], lhs: 'a' }];

const diff = (parts: object) =>
	({ collections: [], fields: [], systemFields: [], relations: [], ...parts }) as unknown as SnapshotDiff;

describe('planOf', () => {
	it('has nothing to say of no difference', () => {
		expect(planOf(null)).toEqual({ lines: [], deletions: [] });
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

		expect(plan).toEqual({ lines: ['create collection vehicles (2 fields, 1 relations)'], deletions: [] });
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

	it('counts a collection and a field as deletions, and the removal of a property of one as a change', () => {
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
});
