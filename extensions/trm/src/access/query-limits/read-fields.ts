import { parseFilterFunctionPath } from '@directus/utils';
import { forbidden } from '../../lib/errors.js';
import { invalidQuery, isOfAdministrators, readStep } from './query-path.js';
import type { Reading } from './read-filter.js';

/** The fields of an answer, by the collections that they are of. */
export interface FieldTree {
	/** of the items themselves */
	columns: number;
	/** by the name that the answer gives them */
	related: Map<string, { tree: FieldTree; isList: boolean; to: string }>;
	/** relations before the farthest `*` */
	wildcard: number;
	/** relations one behind the other */
	depth: number;
	/** collections of which `*` takes all fields */
	starred: Set<string>;
}

/** A list whose items are to be counted: `count(entries)` of an event. */
export interface Counted {
	collection: string;
	list: string;
}

interface Deep {
	_alias?: Record<string, string> | null;
	[name: string]: unknown;
}

/** Directus takes `count(organization.users)` for `organization.count(users)`, but not everywhere. */
export const normalPath = (path: unknown): string => {
	if (typeof path !== 'string') throw invalidQuery('fields takes names of fields');
	return parseFilterFunctionPath(path);
};

/**
 * Reads the fields of a query completely.
 * @param fields in normal form
 * @param deep the query's part for these items: their alias, and by name the parts for related ones
 * @param counted gets the lists that are to be counted
 * @throws 400 for what is not understood. @throws 403 for a field that does not exist, and an alias of a function.
 */
export function readFields(
	reading: Reading,
	collection: string,
	fields: string[],
	deep: Deep,
	counted: Counted[],
): FieldTree {
	const tree: FieldTree = { columns: 0, related: new Map(), wildcard: -1, depth: 0, starred: new Set() };
	const behind = new Map<string, { to: string; isList: boolean; fields: string[] }>();
	const aliases = readAliases(deep._alias);

	for (const path of new Set(fields)) {
		const [first = '', ...rest] = splitPath(path);

		if (first === '*') {
			tree.wildcard = Math.max(tree.wildcard, rest.length === 0 ? 0 : Infinity);
			tree.starred.add(collection);
			if (rest.length === 0) addAll(reading, collection, tree, behind);
			continue;
		}

		const name = Object.hasOwn(aliases, first) ? (aliases[first] as string) : first;
		if (reading.isAdministrator && isOfAdministrators(reading.schema, collection, name)) continue;

		const step = readStep(reading.schema, collection, name);
		if (step.function === 'count' && step.isList) counted.push({ collection, list: step.field });
		const leads = step.to !== null && step.function === null;
		if (!leads && rest.length > 0) throw invalidQuery(`"${path}": "${name}" leads to no other items`);

		if (!leads || (rest.length === 0 && !step.isList)) {
			tree.columns += 1;
		} else {
			const found = behind.get(first) ?? { to: step.to as string, isList: step.isList, fields: [] };
			behind.set(first, found);
			if (rest.length > 0) found.fields.push(rest.join('.'));
		}
	}

	for (const [name, { to, isList, fields: nested }] of behind) {
		const inner = readFields(reading, to, nested, (deep[name] ?? {}) as Deep, counted);
		tree.related.set(name, { tree: { ...inner, columns: Math.max(inner.columns, 1) }, isList, to });
		tree.depth = Math.max(tree.depth, inner.depth + 1);
		inner.starred.forEach((of) => tree.starred.add(of));
		if (inner.wildcard >= 0) tree.wildcard = Math.max(tree.wildcard, inner.wildcard + 1);
	}

	return tree;
}

/** A JSON path, which administrators may use, has dots of its own. */
const splitPath = (path: string) => (path.startsWith('json(') ? [path] : path.split('.'));

function addAll(
	{ schema, readable }: Reading,
	collection: string,
	tree: FieldTree,
	behind: Map<string, { to: string; isList: boolean; fields: string[] }>,
): void {
	for (const name of Object.keys(schema.collections[collection]?.fields ?? {})) {
		if (readable?.get(collection)?.has(name) === false) continue;
		const { to, isList } = readStep(schema, collection, name);
		if (!isList) tree.columns += 1;
		else if (!behind.has(name)) behind.set(name, { to: to as string, isList, fields: [] });
	}
}

/** @throws 403 for a function: it would count items that may not be counted. */
export function readAliases(alias: unknown): Record<string, string> {
	if (alias === undefined || alias === null) return {};
	if (typeof alias !== 'object' || Array.isArray(alias)) throw invalidQuery('alias takes fields by other names');

	for (const [name, field] of Object.entries(alias)) {
		// It becomes the name of a column in the statement.
		if (!/^\w+$/.test(name)) throw invalidQuery('alias takes names of letters, digits and underscores');
		if (typeof field !== 'string') throw invalidQuery(`alias "${name}" names no field`);
		if (/[()]/.test(field)) throw forbidden('An alias names a field, not a function.');
		if (!/^\w+$/.test(field)) throw invalidQuery(`alias "${name}" names no field`);
	}

	return alias as Record<string, string>;
}
