import type { SnapshotDiff } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { settingsDriftOf } from '../config/settings/drift.js';
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

describe('settingsDriftOf', () => {
	it('looks at what is declared only, and into it', () => {
		const declared = { project_name: 'TRM', module_bar: [{ id: 'content', enabled: true }], default_language: 'en-US' };
		const live = { id: 1, project_name: 'Other', module_bar: [{ enabled: true, id: 'content' }], project_url: 'x' };

		expect(settingsDriftOf(declared, live)).toEqual([
			{ name: 'settings.project_name', state: 'different', database: 'Other', snapshot: 'TRM' },
			{ name: 'settings.default_language', state: 'different', database: null, snapshot: 'en-US' },
		]);
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
			settings: {
				path: 'settings.yaml',
				differences: [{ name: 'presets.vehicles', state: 'missing', database: null, snapshot: null }],
			},
		});

		expect(lines).toEqual([
			'field vehicles.vin is in the snapshot and not in the database',
			'field vehicles.plate: meta.note is null in the database and "a" in the snapshot',
			'presets.vehicles is in the snapshot and not in the database',
			'3 differences',
		]);
	});
});
