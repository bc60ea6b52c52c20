import type { SnapshotDiff } from '@directus/types';
import { countKinds } from '../../lib/log.js';
import {
	createdAgainFor,
	differencesOf,
	droppedFor,
	isCreation,
	isDeletion,
	lossesOf,
	pathOf,
	type Difference,
} from './changes.js';

/** What applying a snapshot would do, in a reader's words. */
export interface Plan {
	/** One line for each collection, and for each field and relation of existing ones, that changes. */
	lines: string[];
	/** What changes, in numbers: `12 collections, 80 fields`; those of new collections too. */
	summary: string;
	/** Names of the collections (`vehicles`) and fields (`vehicles.plate`) whose data would be lost. */
	deletions: string[];
	/** Columns whose values a change can cut: `vehicles.plate (schema.max_length 255 → 3)`. */
	losses: string[];
	/** What Directus would do otherwise than the snapshot says, a sentence each: never to be applied. */
	damages: string[];
}

/** Describes Directus's structured difference between the live schema and a snapshot; null is "no difference". */
export function planOf(diff: SnapshotDiff | null): Plan {
	const { collections, fields, relations } = differencesOf(diff);
	const created = new Set(collections.filter(isCreation).map(({ name }) => name));
	const count = (things: Difference[], name: string) => things.filter(({ collection }) => collection === name).length;

	// What comes with a new collection is counted there: a first boot would print 200 lines that say nothing more.
	const parts = [...fields, ...relations].filter(({ collection }) => !created.has(collection));

	return {
		lines: [
			...collections.map((collection) =>
				created.has(collection.name)
					? `create collection ${collection.name} (${count(fields, collection.name)} fields, ${count(relations, collection.name)} relations)`
					: lineOf(collection),
			),
			...parts.map(lineOf),
		],
		summary: countKinds([...collections, ...fields, ...relations].map(({ kind }) => kind)),
		deletions: [...collections, ...fields].filter(isDeletion).map(({ name }) => name),
		losses: fields.flatMap((field) => {
			const losses = lossesOf(field);
			return losses.length === 0 ? [] : [`${field.name} (${losses.join(', ')})`];
		}),
		damages: [...collections, ...parts].flatMap(damagesOf),
	};
}

/**
 * Why the plan must not be applied; empty where it may.
 * @param allowDelete the operator's word that data may be lost, which covers what the plan says it loses and no damage.
 */
export function refusalsOf({ deletions, losses, damages }: Plan, allowDelete: boolean): string[] {
	const refusals = damages.map(
		(damage) =>
			`${damage} SCHEMA_APPLY_ALLOW_DELETE does not cover this. ` +
			'Capture the snapshot again with scripts/schema-snapshot.sh; it is not edited by hand.',
	);

	if (deletions.length > 0 && !allowDelete) {
		refusals.push(
			`the plan would delete ${deletions.join(', ')}, with the data in it. ` +
				'If that is meant, set SCHEMA_APPLY_ALLOW_DELETE=true for one boot; ' +
				'if not, capture the live schema with scripts/schema-snapshot.sh and commit it.',
		);
	}

	if (losses.length > 0 && !allowDelete) {
		refusals.push(
			`the plan would convert ${losses.join(', ')}, which can cut the values that are there. ` +
				'If they fit, or may be cut, set SCHEMA_APPLY_ALLOW_DELETE=true for one boot, after a backup; ' +
				'else add a new field and move the data in a migration.',
		);
	}

	return refusals;
}

function lineOf(difference: Difference): string {
	const { kind, name, changes } = difference;
	const dropped = droppedFor(difference);

	if (isDeletion(difference)) return `delete ${kind} ${name}`;
	if (dropped !== null) return `delete ${kind} ${name}, because the snapshot lacks its ${dropped}`;
	if (isCreation(difference)) return `create ${kind} ${name}`;
	return `change ${kind} ${name}: ${changes.map(pathOf).join(', ')}`;
}

function damagesOf(difference: Difference): string[] {
	const { kind, name } = difference;
	const dropped = droppedFor(difference);
	const createdAgain = createdAgainFor(difference);

	if (dropped !== null) {
		const what = kind === 'relation' ? 'the whole relation' : `the whole ${kind} with its data`;
		return [`the snapshot lacks ${dropped} of ${kind} ${name}, and Directus would drop ${what} for that.`];
	}

	if (createdAgain !== null) {
		return [`the snapshot adds ${createdAgain} to ${kind} ${name}, and Directus would create that a second time.`];
	}

	return [];
}
