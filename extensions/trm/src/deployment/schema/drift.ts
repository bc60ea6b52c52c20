import type { HookExtensionContext, SnapshotDiff } from '@directus/types';
import { readYamlFile } from '../../lib/yaml-file.js';
import { differencesOf, isCreation, isDeletion, pathOf, type Change, type Difference, type Kind } from './changes.js';
import { openSchemaService } from './schema-service.js';

/** One thing in which the live schema and the snapshot differ. */
export interface SchemaDrift {
	kind: Kind;
	/** `vehicles`, `vehicles.plate`, `entries.vehicle → vehicles` */
	name: string;
	/** `missing`: only the snapshot has it. `extra`: only the database has it. */
	state: 'missing' | 'extra' | 'different';
	/** Of a `different` thing; a value that one of them lacks is null. */
	properties: PropertyDrift[];
}

export interface PropertyDrift {
	path: string;
	database: unknown;
	snapshot: unknown;
}

/**
 * How the live schema differs from the snapshot; empty where it does not.
 * @throws Error where there is no snapshot: nothing to compare with is not "the same".
 */
export async function findSchemaDrift(context: HookExtensionContext, snapshotPath: string): Promise<SchemaDrift[]> {
	const snapshot = await readYamlFile(snapshotPath);

	if (snapshot === null || (snapshot.content ?? null) === null) {
		throw new Error(`${snapshotPath} is absent or empty, so there is nothing to compare with. Check SNAPSHOT_PATH.`);
	}

	const service = await openSchemaService(context);
	return schemaDriftOf(await service.diff(snapshot.content, { currentSnapshot: await service.snapshot() }));
}

/** Describes Directus's structured difference, whose left side is the database; null is "no difference". */
export function schemaDriftOf(diff: SnapshotDiff | null): SchemaDrift[] {
	const { collections, fields, relations } = differencesOf(diff);
	const parts = [...fields, ...relations];
	const whole = new Set(collections.filter((one) => isCreation(one) || isDeletion(one)).map(({ name }) => name));

	// A collection that is there or not stands for all of its fields and relations.
	return [...collections, ...parts.filter(({ collection }) => !whole.has(collection))].map(driftOf);
}

function driftOf(difference: Difference): SchemaDrift {
	const { kind, name, changes } = difference;
	if (isCreation(difference)) return { kind, name, state: 'missing', properties: [] };
	if (isDeletion(difference)) return { kind, name, state: 'extra', properties: [] };

	return { kind, name, state: 'different', properties: changes.map(propertyDriftOf) };
}

function propertyDriftOf(change: Change): PropertyDrift {
	// Of a list, one place in it.
	if (change.kind === 'A') {
		return { ...sidesOf(change.item), path: `${pathOf(change)}[${change.index}]` };
	}

	return { ...sidesOf(change), path: pathOf(change) };
}

function sidesOf(change: object): Omit<PropertyDrift, 'path'> {
	return {
		database: 'lhs' in change ? (change.lhs ?? null) : null,
		snapshot: 'rhs' in change ? (change.rhs ?? null) : null,
	};
}
