import type { Filter, SchemaOverview } from '@directus/types';
import { oneToMany, relatedTo } from '../references.js';

/** Functions that take a row as often as the statement has it; `countDistinct`, `min` and the like take it once. */
const OF_REPEATED = ['count', 'countAll', 'sum', 'avg'];

/** The function of an aggregation, if any, that would give a wrong number where rows are repeated. */
export function repeating(aggregate: Record<string, unknown> | null | undefined): string | undefined {
	return Object.keys(aggregate ?? {}).find((name) => OF_REPEATED.includes(name));
}

/**
 * Whether a filter asks of rows in a list: Directus joins these, so that the statement has a row once for each of them, and once for
 * each pair where it asks of two lists.
 */
export function repeatsRows(schema: SchemaOverview, collection: string, filter: unknown): boolean {
	if (Array.isArray(filter)) return filter.some((part) => repeatsRows(schema, collection, part));
	if (typeof filter !== 'object' || filter === null) return false;

	return Object.entries(filter).some(([name, inner]) => {
		if (name.startsWith('_')) return repeatsRows(schema, collection, inner as Filter);
		if (oneToMany(schema, collection, name) !== undefined) return true;
		const next = relatedTo(schema, collection, name);
		return next !== undefined && repeatsRows(schema, next, inner as Filter);
	});
}
