import type { Query, SchemaOverview } from '@directus/types';
import { invalidQuery, readStep } from './query-path.js';
import { nothingJoined, readFilter, sideBySide, withListsNamed, type Joined, type Reading } from './read-filter.js';
import { normalPath, readAliases, readFields, type Counted, type FieldTree } from './read-fields.js';
import { readGrouping } from './read-groups.js';
import type { QuerySize } from './query-size.js';

/** How many items Directus answers. */
export interface RowLimits {
	/** QUERY_LIMIT_DEFAULT */
	usual: number;
	/** QUERY_LIMIT_MAX, which a caller's `limit=-1` stands for */
	most: number;
	/** how many a collection has, about; Infinity where that is not known */
	has(collection: string): number;
}

/** A query that was read completely. */
export interface KnownQuery {
	/** the same query, its fields in normal form */
	query: Query;
	size: QuerySize;
	/** lists of which an answer has the number of items */
	counted: Counted[];
	/** collections of which `*` takes all fields */
	starred: ReadonlySet<string>;
}

type Deep = Record<string, unknown>;

/** What may be asked of the items in a list: `deep[entries][_sort]`. */
const DEEP = ['_fields', '_filter', '_sort', '_limit', '_offset', '_page', '_search', '_alias', '_backlink'];

/**
 * Reads a query as Directus would, without running it.
 * @throws 400 INVALID_QUERY for any part that is not understood completely. @throws 403 for a field that does not exist.
 */
export function readQuery(reading: Reading, collection: string, query: Query, rows: RowLimits): KnownQuery {
	const asked = withNames(reading.schema, query) as Query & { alias?: Record<string, string>; deep?: Deep };
	const statements = [readStatement(reading, collection, asked)];
	readAliases(asked.alias);
	if (asked.deep) {
		const stray = Object.keys(asked.deep).find((name) => name.startsWith('_'));
		if (stray !== undefined) throw invalidQuery(`deep: "${stray}" leads to no items`);
		statements.push(...readDeep(reading, collection, asked.deep, asked.alias));
	}

	const fields = (asked.fields ?? ['*']).map(normalPath);
	const deep = { ...asked.deep, _alias: asked.alias ?? null };
	const counted: Counted[] = [];
	const isGrouped = asked.group || Object.keys(asked.aggregate ?? {}).length > 0;
	const tree = readFields(reading, collection, isGrouped ? [] : fields, deep, counted);
	const grouped = (asked.group?.length ?? 0) + Object.values(asked.aggregate ?? {}).flat().length;

	const top = Math.min(rowsOf(reading.schema, collection, asked, rows), rows.has(collection));
	const cells = isGrouped ? (asked.group ? top : 1) * grouped : cellsIn(tree, asked.deep ?? {}, rows, top, true);
	return {
		query: asked.fields ? { ...asked, fields } : asked,
		counted,
		starred: tree.starred,
		size: {
			depth: Math.max(tree.depth, ...statements.map(({ depth }) => depth)),
			branches: branchesIn(tree),
			joins: Math.max(...statements.map(({ paths }) => paths.size)),
			lists: Math.max(...statements.map(({ lists }) => lists.size)),
			sideBySide: Math.max(...statements.map(sideBySide)),
			backs: sum(statements.map(({ backs }) => backs.size)),
			conditions: sum(statements.map(({ conditions }) => conditions)),
			subqueries: sum(statements.map(({ subqueries }) => subqueries)),
			values: sum(statements.map(({ values }) => values)),
			wildcard: Math.max(tree.wildcard, 0),
			cells,
		},
	};
}

const withNames = (schema: SchemaOverview, query: Query): Query =>
	query.filter ? { ...query, filter: withListsNamed(schema, query.filter) as NonNullable<Query['filter']> } : query;

function readStatement(reading: Reading, collection: string, asked: object): Joined {
	const { filter, ...grouping } = asked as Pick<Query, 'filter' | 'sort' | 'group' | 'aggregate'>;
	const joined = nothingJoined();
	if (filter) readFilter(reading, collection, filter, joined);
	readGrouping(reading, collection, grouping as Parameters<typeof readGrouping>[2], joined);
	return joined;
}

/** Each list has a statement of its own. */
function readDeep(reading: Reading, collection: string, deep: Deep, alias: unknown): Joined[] {
	const aliases = readAliases(alias);
	const statements: Joined[] = [];

	for (const [name, part] of Object.entries(deep)) {
		if (name.startsWith('_')) continue;
		const [field = '', scope] = reading.isAdministrator ? name.split(':') : [name];
		const { to, function: called } = readStep(
			reading.schema,
			collection,
			Object.hasOwn(aliases, field) ? (aliases[field] as string) : field,
		);
		const target = scope ?? to;
		if (target === null || called !== null || !isObject(part)) throw invalidQuery(`deep: "${name}" leads to no items`);

		const own = Object.keys(part).filter((key) => key.startsWith('_'));
		const unknown = own.find((key) => !DEEP.includes(key));
		if (unknown !== undefined) throw invalidQuery(`deep: "${unknown}" cannot be asked of the items in "${name}"`);
		for (const key of ['_limit', '_offset', '_page']) readNumber(key, part[key]);
		if (!['string', 'undefined'].includes(typeof (part['_search'] ?? undefined)))
			throw invalidQuery('_search takes text');

		const inner = Object.fromEntries(own.map((key) => [key.slice(1), part[key]]));
		statements.push(readStatement(reading, target, inner), ...readDeep(reading, target, part, part['_alias']));
	}

	return statements;
}

const isObject = (value: unknown): value is Deep =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function readNumber(name: string, value: unknown): void {
	if (value === undefined || value === null) return;
	const least = name === '_limit' ? -1 : 0;
	if (!Number.isSafeInteger(value) || (value as number) < least) throw invalidQuery(`${name} takes a number`);
}

/**
 * A query that names its items by their keys answers no more of them. Directus has put QUERY_LIMIT_MAX in place of a caller's -1: what still
 * has one is a query of the server itself, for as many items as it needs.
 */
function rowsOf(
	{ collections }: SchemaOverview,
	collection: string,
	{ limit, filter }: Query,
	rows: RowLimits,
): number {
	const named = keysIn(filter, collections[collection]?.primary ?? 'id');
	if (limit === -1 && Number.isFinite(rows.most)) return Number.isFinite(named) ? named : 0;
	return Math.min(limited(limit, rows), named);
}

function keysIn(filter: unknown, primary: string): number {
	const { _and: parts, [primary]: key } = (filter ?? {}) as Record<string, unknown>;
	if (Array.isArray(parts)) return Math.min(Infinity, ...parts.map((part) => keysIn(part, primary)));
	const { _eq, _in } = (key ?? {}) as { _eq?: unknown; _in?: unknown };
	if (Array.isArray(_in)) return _in.length;
	return _eq === undefined ? Infinity : 1;
}

const limited = (limit: unknown, { usual, most }: RowLimits) =>
	typeof limit !== 'number' ? usual : limit === -1 ? most : limit;

/**
 * The values in the answer for so many items, with those of related ones.
 * @param isOnce whether each item comes once: then those of a list do too, and there are no more than the collection has. A row that several
 * point to comes several times, with all that is in its lists.
 */
function cellsIn({ columns, related }: FieldTree, deep: Deep, rows: RowLimits, items: number, isOnce: boolean): number {
	const behind = [...related].map(([name, { tree, isList, to }]) => {
		const part = (deep[name] ?? {}) as Deep;
		if (!isList) return cellsIn(tree, part, rows, items, false);

		const most = limited(part['_limit'], rows);
		const inList = isOnce ? Math.min(items * most, rows.has(to)) : items * Math.min(most, rows.has(to));
		return cellsIn(tree, part, rows, inList, isOnce);
	});

	return items * columns + sum(behind);
}

const branchesIn = ({ related }: FieldTree): number =>
	sum([...related.values()].map(({ tree }) => 1 + branchesIn(tree)));

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
