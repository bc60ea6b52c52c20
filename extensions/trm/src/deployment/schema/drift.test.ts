import type { SnapshotDiff } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { linesOf } from './drift-report.js';
import { schemaDriftOf } from './drift.js';

const diff = (parts: object) =>
	({ collections: [], fields: [], systemFields: [], relations: [], ...parts }) as unknown as SnapshotDiff;

const only = { kind: 'N', rhs: {} };
const gone = { kind: 'D', lhs: {} };

describe('schemaDriftOf', () => {
	it('finds nothing in no difference', () => {
		expect(schemaDriftOf(null)).toEqual([]);
	});

	it('names what only one side has, a whole collection once', () => {
		const drift = schemaDriftOf(
			diff({
				collections: [{ collection: 'crews', diff: [gone] }],
				fields: [
					{ collection: 'crews', field: 'id', diff: [gone] },
					{ collection: 'vehicles', field: 'vin', diff: [only] },
				],
				relations: [{ collection: 'entries', field: 'vehicle', related_collection: 'vehicles', diff: [gone] }],
			}),
		);

		expect(drift).toEqual([
			{ kind: 'collection', name: 'crews', state: 'extra', properties: [] },
			{ kind: 'field', name: 'vehicles.vin', state: 'missing', properties: [] },
			{ kind: 'relation', name: 'entries.vehicle → vehicles', state: 'extra', properties: [] },
		]);
	});

	it('gives both values of what differs, null for the side without one', () => {
		const [plate] = schemaDriftOf(
			diff({
				fields: [
					{
						collection: 'vehicles',
						field: 'plate',
						diff: [
							{ kind: 'E', path: ['meta', 'note'], lhs: 'live', rhs: 'declared' },
							{ kind: 'N', path: ['meta', 'options', 'trim'], rhs: true },
							{ kind: 'A', path: ['meta', 'special'], index: 1, item: { kind: 'D', lhs: 'm2o' } },
						],
					},
				],
			}),
		);

		expect(plate).toEqual({
			kind: 'field',
			name: 'vehicles.plate',
			state: 'different',
			properties: [
				{ path: 'meta.note', database: 'live', snapshot: 'declared' },
				{ path: 'meta.options.trim', database: null, snapshot: true },
				{ path: 'meta.special[1]', database: 'm2o', snapshot: null },
			],
		});
	});
});

describe('linesOf', () => {
	it('says in words what the report says', () => {
		const lines = linesOf({
			same: false,
			schema: {
				path: 'schema.yaml',
				differences: [
					{ kind: 'field', name: 'vehicles.vin', state: 'missing', properties: [] },
					{
						kind: 'field',
						name: 'vehicles.plate',
						state: 'different',
						properties: [{ path: 'meta.note', database: null, snapshot: 'a' }],
					},
				],
			},
			access: {
				path: 'access.yaml',
				differences: [
					{ kind: 'permission', name: 'permission "Staff" vehicles.read', state: 'extra', properties: [] },
					{
						kind: 'role',
						name: 'role "Staff"',
						state: 'different',
						properties: [{ path: 'icon', database: 'badge', snapshot: 'groups' }],
					},
				],
				unmanaged: [{ kind: 'policy', name: 'policy "By hand" (may do all)', id: '1' }],
			},
			settings: {
				path: 'settings.yaml',
				differences: [{ name: 'presets.vehicles', state: 'missing', database: null, snapshot: null }],
			},
		});

		expect(lines).toEqual([
			'field vehicles.vin is in the snapshot and not in the database',
			'field vehicles.plate: meta.note is null in the database and "a" in the snapshot',
			'permission "Staff" vehicles.read is in the database and not in the snapshot',
			'role "Staff": icon is "badge" in the database and "groups" in the snapshot',
			'presets.vehicles is in the snapshot and not in the database',
			'unmanaged: policy "By hand" (may do all)',
			'5 differences',
		]);
	});
});
