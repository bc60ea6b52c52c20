import type { SnapshotDiff } from '@directus/types';

type Change = SnapshotDiff['fields'][number]['diff'][number];

/** What applying a snapshot would do, in a reader's words. */
export interface Plan {
	/** One line for each collection, and for each field and relation of existing ones, that changes. */
	lines: string[];
	/** Names of the collections (`vehicles`) and fields (`vehicles.plate`) whose data would be lost. */
	deletions: string[];
}

/** Describes Directus's structured difference between the live schema and a snapshot; null is "no difference". */
export function planOf(diff: SnapshotDiff | null): Plan {
	if (diff === null) return { lines: [], deletions: [] };

	const collections = diff.collections.map(({ collection, diff: changes }) => ({
		what: 'collection',
		name: collection,
		collection,
		changes: changes as Change[],
	}));

	const fields = [...diff.fields, ...(diff.systemFields ?? [])].map(({ collection, field, diff: changes }) => ({
		what: 'field',
		name: `${collection}.${field}`,
		collection,
		changes: changes as Change[],
	}));

	const relations = diff.relations.map(({ collection, field, related_collection, diff: changes }) => ({
		what: 'relation',
		name: `${collection}.${field}${related_collection === null ? '' : ` → ${related_collection}`}`,
		collection,
		changes: changes as Change[],
	}));

	const created = new Set(collections.filter(({ changes }) => isCreation(changes)).map(({ name }) => name));
	const count = (things: { collection: string }[], name: string) =>
		things.filter(({ collection }) => collection === name).length;

	return {
		lines: [
			...collections.map(({ what, name, changes }) =>
				created.has(name)
					? `create collection ${name} (${count(fields, name)} fields, ${count(relations, name)} relations)`
					: lineOf(what, name, changes),
			),
			// What comes with a new collection is counted there: a first boot would print 200 lines that say nothing more.
			...[...fields, ...relations]
				.filter(({ collection }) => !created.has(collection))
				.map(({ what, name, changes }) => lineOf(what, name, changes)),
		],
		deletions: [...collections, ...fields].filter(({ changes }) => isDeletion(changes)).map(({ name }) => name),
	};
}

function lineOf(what: string, name: string, changes: Change[]): string {
	return `${verbOf(changes)} ${what} ${name}${detailsOf(changes)}`;
}

/**
 * Whether the thing itself goes. deep-diff reports the removal of a nested property with the same kind "D",
 * but with a path below the thing.
 */
function isDeletion(changes: Change[]): boolean {
	const first = changes[0];
	return first?.kind === 'D' && (first.path === undefined || first.path.length === 0);
}

function isCreation(changes: Change[]): boolean {
	const first = changes[0];
	return first?.kind === 'N' && (first.path === undefined || first.path.length === 0);
}

function verbOf(changes: Change[]): string {
	if (isDeletion(changes)) return 'delete';
	return isCreation(changes) ? 'create' : 'change';
}

function detailsOf(changes: Change[]): string {
	if (isDeletion(changes) || isCreation(changes)) return '';
	return `: ${changes.map((change) => (change.path ?? []).join('.')).join(', ')}`;
}
