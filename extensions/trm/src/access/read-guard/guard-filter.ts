import type { Filter, SchemaOverview } from '@directus/types';
import { forbidden } from '../../lib/errors.js';
import { joined, normalForm } from '../normal-form.js';
import { manyToOne, oneToMany } from '../references.js';
import { conditionsOf, type Reader } from './readable-rows.js';

type Part = Record<string, unknown>;

/** @returns the filter, each condition of which holds only for rows on which the caller may read what it asks about. */
export async function guardFilter(reader: Reader, collection: string, filter: Filter): Promise<Filter> {
	return (await guarded(reader, collection, normalForm(joined(filter)) as Part)) as Filter;
}

async function guarded(reader: Reader, collection: string, part: Part): Promise<Part> {
	const [name, inner] = Object.entries(part)[0] ?? [];
	if (name === undefined) return part;

	if (name === '_and' || name === '_or') {
		const parts: Part[] = [];
		for (const one of inner as Part[]) parts.push(await guarded(reader, collection, one));
		return { [name]: parts };
	}

	const { path, operator, value } = chainOf(part);
	if (operator === '_none') {
		requireKey(reader.schema, collection, path, value);
		return part;
	}

	const conditions = await conditionsOf(reader, collection, path);
	return conditions.length === 0 ? part : { _and: [part, ...conditions] };
}

/** A condition in normal form is a chain: fields, then an operator. */
function chainOf(part: unknown): { path: string[]; operator: string; value: unknown } {
	const path: string[] = [];

	for (let at: unknown = part; typeof at === 'object' && at !== null; ) {
		const [name = '', inner] = Object.entries(at)[0] ?? [];
		if (name.startsWith('_')) return { path, operator: name, value: inner };
		path.push(name);
		at = inner;
	}

	return { path, operator: '', value: null };
}

/**
 * Of the rows that are not there a filter cannot ask whether the caller might read them. Directus's app only asks whether a row
 * is already linked to one that it names by its key.
 */
function requireKey(schema: SchemaOverview, collection: string, [list = '', ...rest]: string[], value: unknown): void {
	const { path: inner, operator } = chainOf(value);
	const rows = oneToMany(schema, collection, list)?.collection;
	const [field = ''] = inner;
	const isKey = rows !== undefined && (field === schema.collections[rows]?.primary || isLink(schema, rows, field));
	if (isKey && rest.length === 0 && inner.length === 1 && operator === '_eq') return;
	throw forbidden('A filter with _none can only name one row by its key here.');
}

/** Whether a row stands for a link between two others, and this is one of its ends. */
const isLink = (schema: SchemaOverview, collection: string, field: string) =>
	manyToOne(schema, collection, field)?.meta?.junction_field != null;
