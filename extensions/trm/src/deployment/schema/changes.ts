import type { SnapshotDiff } from '@directus/types';

/** One difference as deep-diff writes it: N new, D deleted, E edited, A of an array. No path: the thing itself. */
export type Change = SnapshotDiff['fields'][number]['diff'][number];

export type Kind = 'collection' | 'field' | 'system field' | 'relation';

/** The differences of one collection, field or relation. */
export interface Difference {
	kind: Kind;
	name: string;
	collection: string;
	changes: Change[];
}

/** What a snapshot's difference is about. Null is "no difference". */
export function differencesOf(diff: SnapshotDiff | null): Record<'collections' | 'fields' | 'relations', Difference[]> {
	if (diff === null) return { collections: [], fields: [], relations: [] };

	const collections = diff.collections.map(({ collection, diff: changes }): Difference => {
		return { kind: 'collection', name: collection, collection, changes: changes as Change[] };
	});

	const fields = [
		...diff.fields.map((entry) => ({ ...entry, kind: 'field' as const })),
		...(diff.systemFields ?? []).map((entry) => ({ ...entry, kind: 'system field' as const })),
	].map(({ kind, collection, field, diff: changes }): Difference => {
		return { kind, name: `${collection}.${field}`, collection, changes: changes as Change[] };
	});

	const relations = diff.relations.map(({ collection, field, related_collection, diff: changes }): Difference => {
		const target = related_collection === null ? '' : ` → ${related_collection}`;
		return { kind: 'relation', name: `${collection}.${field}${target}`, collection, changes: changes as Change[] };
	});

	return { collections, fields, relations };
}

const isWhole = ({ path }: Change) => path === undefined || path.length === 0;

export const pathOf = ({ path }: Change) => (path ?? []).join('.');

export function isCreation({ changes: [first] }: Difference): boolean {
	return first?.kind === 'N' && isWhole(first);
}

/** Whether the snapshot leaves the thing itself out. */
export function isDeletion({ changes: [first] }: Difference): boolean {
	return first?.kind === 'D' && isWhole(first);
}

/**
 * The path of a property that the snapshot leaves out and for which Directus would drop the whole thing: its
 * `applyDiff` looks at the kind of the first change only, and at its path only below `meta` of a field.
 */
export function droppedFor({ kind, changes: [first] }: Difference): string | null {
	if (first?.kind !== 'D' || isWhole(first) || kind === 'system field') return null;
	return isNestedMetaOfField(kind, first) ? null : pathOf(first);
}

/** The path of an added property for which Directus would try to create, a second time, a thing that exists. */
export function createdAgainFor({ kind, changes: [first] }: Difference): string | null {
	if (first?.kind !== 'N' || isWhole(first) || kind === 'system field') return null;
	return isNestedMetaOfField(kind, first) ? null : pathOf(first);
}

function isNestedMetaOfField(kind: Kind, { path = [] }: Change): boolean {
	return kind === 'field' && path[0] === 'meta' && path.length >= 2;
}

const SIZES = ['schema.max_length', 'schema.numeric_precision', 'schema.numeric_scale'];
const TYPES = ['type', 'schema.data_type'];

/** The changes of a field that rewrite its column in a way that can cut its values: `schema.max_length 255 → 3`. */
export function lossesOf({ kind, changes }: Difference): string[] {
	if (kind !== 'field') return [];

	return changes.flatMap((change) => {
		const path = pathOf(change);
		if (change.kind !== 'E' && change.kind !== 'D') return [];

		const before: unknown = change.lhs;
		const after: unknown = change.kind === 'E' ? change.rhs : undefined;
		// From or to "none" is no larger size: Directus then makes the column with a length of its own.
		const larger = typeof before === 'number' && typeof after === 'number' && after > before;
		if (!TYPES.includes(path) && !(SIZES.includes(path) && !larger)) return [];

		return [`${path} ${String(before ?? 'none')} → ${String(after ?? 'none')}`];
	});
}
