import type { Filter, SchemaOverview } from '@directus/types';
import { keyOf, manyToOne, oneToMany } from '../references.js';
import { Undecidable } from '../variables.js';

export type Row = Record<string, unknown>;

/** Whether the database has a row with this key that matches the filter. */
export type Exists = (collection: string, key: string | number, filter: Filter) => Promise<boolean>;

/** A row as it will be: its fields, with nested rows where the payload nests them; `key` null where it is yet to be made. */
export interface ComingRow {
	collection: string;
	key: string | number | null;
	fields: Row;
}

const COMPARISONS: Record<string, (actual: unknown, expected: unknown) => boolean> = {
	_eq: (actual, expected) => actual === expected,
	_neq: (actual, expected) => actual !== expected,
	_in: (actual, expected) => Array.isArray(expected) && expected.includes(actual),
	_nin: (actual, expected) => Array.isArray(expected) && !expected.includes(actual),
	_null: (actual, expected) => (actual === null) === Boolean(expected),
	_nnull: (actual, expected) => (actual !== null) === Boolean(expected),
};

/**
 * Evaluates a permission's filter on a row before it is written: its own values are compared here, rows that it points to
 * are looked up. Variables must have been replaced.
 * @throws Undecidable for an operator or function that this does not know.
 */
export async function rowMatches(
	schema: SchemaOverview,
	exists: Exists,
	row: ComingRow,
	filter: Filter | null,
): Promise<boolean> {
	for (const [name, condition] of Object.entries(filter ?? {})) {
		if (!(await holds(schema, exists, row, name, condition))) return false;
	}

	return true;
}

async function holds(
	schema: SchemaOverview,
	exists: Exists,
	row: ComingRow,
	name: string,
	condition: unknown,
): Promise<boolean> {
	if (name === '_and') return all(condition as Filter[], (part) => rowMatches(schema, exists, row, part));
	if (name === '_or') return some(condition as Filter[], (part) => rowMatches(schema, exists, row, part));

	if (schema.collections[row.collection]?.fields[name] === undefined) {
		throw new Undecidable(`"${name}" is no field of ${row.collection}`);
	}

	if (oneToMany(schema, row.collection, name) !== undefined) return listHolds(schema, exists, row, name, condition);
	if (isComparison(condition)) return compare(row, name, condition);
	return targetHolds(schema, exists, row, name, condition as Filter);
}

function isComparison(condition: unknown): condition is Row {
	return Object.keys(condition as object).every((name) => name.startsWith('_') && !['_and', '_or'].includes(name));
}

function compare({ collection, fields }: ComingRow, name: string, condition: Row): boolean {
	return Object.entries(condition).every(([operator, expected]) => {
		const comparison = COMPARISONS[operator];
		if (comparison === undefined) throw new Undecidable(`${operator} on ${collection}.${name} is not known here`);

		const value = fields[name] ?? null;
		return comparison(typeof value === 'object' && value !== null ? undefined : value, expected);
	});
}

/** The row that this one will point to. */
async function targetHolds(
	schema: SchemaOverview,
	exists: Exists,
	row: ComingRow,
	name: string,
	filter: Filter,
): Promise<boolean> {
	const relation = manyToOne(schema, row.collection, name);
	const target = relation?.related_collection;
	if (!target) throw new Undecidable(`${row.collection}.${name} points to no single collection`);

	const value = row.fields[name] ?? null;
	const key = keyOf(schema, target, value);
	if (key !== null) return exists(target, key, filter);
	if (value === null) return false;

	return rowMatches(schema, exists, { collection: target, key: null, fields: value as Row }, filter);
}

/** The rows that point to this one: those of the database, or, of a row to be made, those made with it. */
async function listHolds(
	schema: SchemaOverview,
	exists: Exists,
	row: ComingRow,
	name: string,
	condition: unknown,
): Promise<boolean> {
	if (row.key !== null) return exists(row.collection, row.key, { [name]: condition } as Filter);

	const child = oneToMany(schema, row.collection, name)?.collection as string;
	const { _some, _none, ...bare } = condition as { _some?: Filter; _none?: Filter };
	const children = childrenIn(row.fields[name]);
	const matches = (filter: Filter) => some(children, (value) => childMatches(schema, exists, child, value, filter));

	if (_some !== undefined && !(await matches(_some))) return false;
	if (_none !== undefined && (await matches(_none))) return false;
	return Object.keys(bare).length === 0 || matches(bare as Filter);
}

async function childMatches(
	schema: SchemaOverview,
	exists: Exists,
	collection: string,
	value: unknown,
	filter: Filter,
): Promise<boolean> {
	const key = keyOf(schema, collection, value);
	if (key !== null) return exists(collection, key, filter);
	return rowMatches(schema, exists, { collection, key: null, fields: value as Row }, filter);
}

/** Directus takes a list, or `{create, update, delete}`. */
function childrenIn(value: unknown): unknown[] {
	const list = Array.isArray(value) ? value : (value as { create?: unknown } | null | undefined)?.create;
	return Array.isArray(list) ? list.filter((child) => child !== null && child !== undefined) : [];
}

async function all<T>(list: T[], test: (element: T) => Promise<boolean>): Promise<boolean> {
	for (const element of list) if (!(await test(element))) return false;
	return true;
}

async function some<T>(list: T[], test: (element: T) => Promise<boolean>): Promise<boolean> {
	for (const element of list) if (await test(element)) return true;
	return false;
}
