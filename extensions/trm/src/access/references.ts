import type { Relation, SchemaOverview } from '@directus/types';

/** A row that a payload points to. */
export interface Reference {
	field: string;
	collection: string;
	key: string | number;
}

/** @returns the relation that makes the field a reference to another collection's row. */
export function manyToOne({ relations }: SchemaOverview, collection: string, field: string): Relation | undefined {
	return relations.find((relation) => relation.collection === collection && relation.field === field);
}

/** @returns the relation by which other rows point to this one, under the name that the field has here. */
export function oneToMany({ relations }: SchemaOverview, collection: string, field: string): Relation | undefined {
	return relations.find(
		({ related_collection, meta }) => related_collection === collection && meta?.one_field === field,
	);
}

/** @returns the collection that a field leads to, to a row or to a list of them. */
export function relatedTo(schema: SchemaOverview, collection: string, field: string): string | undefined {
	const row = manyToOne(schema, collection, field);
	return row === undefined ? oneToMany(schema, collection, field)?.collection : (row.related_collection ?? undefined);
}

/** The key in a value that stands for a related row: the key itself, or an object with it. @returns null for a row to be made. */
export function keyOf(schema: SchemaOverview, collection: string, value: unknown): string | number | null {
	if (typeof value === 'string' || typeof value === 'number') return value;
	if (typeof value !== 'object' || value === null) return null;

	const key = (value as Record<string, unknown>)[schema.collections[collection]?.primary ?? 'id'];
	return typeof key === 'string' || typeof key === 'number' ? key : null;
}

/**
 * The rows that a payload points to by its own fields; what stands in a list belongs to the other row, which is written,
 * and so asked about, by itself.
 */
export function referencesOf(
	schema: SchemaOverview,
	collection: string,
	payload: Record<string, unknown>,
): Reference[] {
	return Object.entries(payload).flatMap(([field, value]) => {
		const relation = manyToOne(schema, collection, field);
		if (relation === undefined) return [];

		const target = relation.related_collection ?? payload[relation.meta?.one_collection_field ?? ''];
		const key = typeof target === 'string' ? keyOf(schema, target, value) : null;
		return key === null ? [] : [{ field, collection: String(target), key }];
	});
}
