import type { Accountability, Filter, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden } from '../../lib/errors.js';
import { permissionsOf, type HeldPermission } from '../held-permissions.js';
import { behind, joined, normalForm } from '../normal-form.js';
import { oneToMany, relatedTo } from '../references.js';

export interface ReadContext {
	database: Knex;
	schema: SchemaOverview | null;
	accountability: Accountability | null;
}

/** Somebody who is no administrator. */
export interface Reader {
	schema: SchemaOverview;
	accountability: Accountability;
	/** his permissions to read a collection's rows */
	rightsOn(collection: string): Promise<HeldPermission[]>;
}

/** What Directus gives everybody who may open its app on his own user; no table holds it. */
const OF_ONESELF = [
	...['id', 'first_name', 'last_name', 'last_page', 'email', 'password', 'location', 'title', 'description', 'tags'],
	...['provider', 'avatar', 'language', 'appearance', 'theme_light', 'theme_dark', 'tfa_secret', 'status', 'role'],
];

/**
 * The conditions under which the caller may ask by a field.
 * @param path from the collection through relations to the field: `['entry', 'event', 'name']`, `['year(date_created)']`.
 * @throws 403 for a function that counts rows of others.
 */
export async function conditionsOf(reader: Reader, collection: string, path: string[]): Promise<Filter[]> {
	const { schema } = reader;
	const conditions: Filter[] = [];
	const above: string[] = [];
	let at = collection;

	for (const part of completed(schema, collection, path)) {
		const field = fieldIn(part);
		const rows = await readableRows(reader, at, field, above.length === 0);
		if (rows !== null) conditions.push(behind(above, rows));

		if (part !== field && oneToMany(schema, at, field) !== undefined) await requireAll(reader, at, field);
		const next = relatedTo(schema, at, field);
		if (next === undefined) break;
		above.push(part);
		at = next;
	}

	return conditions;
}

/** The condition under which a search may look into a row: it looks into all fields, where any right gives all. */
export async function searchCondition(reader: Reader, collection: string): Promise<Filter[]> {
	const rows = await readableRows(reader, collection, '*', true);
	return rows === null ? [] : [rows];
}

/** A filter on a one-to-many field compares the primary keys of its items. */
function completed(schema: SchemaOverview, collection: string, path: string[]): string[] {
	const at = path
		.slice(0, -1)
		.reduce<string | undefined>((from, part) => from && relatedTo(schema, from, part), collection);
	const last = path.at(-1) as string;
	const list = at === undefined ? undefined : oneToMany(schema, at, last);
	return list === undefined ? path : [...path, schema.collections[list.collection]?.primary ?? 'id'];
}

/** `year(date_created)` asks by `date_created`, `count(users)` by `users`. */
const fieldIn = (part: string) => /^\w+\(([^),]*).*\)$/.exec(part)?.[1] ?? part;

/** @returns null where Directus itself confines the rows to these, or refuses the field. */
async function readableRows(
	reader: Reader,
	collection: string,
	field: string,
	isRoot: boolean,
): Promise<Filter | null> {
	// A row that is returned can always be named.
	if (isRoot && field === reader.schema.collections[collection]?.primary) return null;

	const held = await reader.rightsOn(collection);
	const giving = held.filter(({ fields }) => fields.includes('*') || fields.includes(field));
	if (giving.length === 0 || (isRoot && giving.length === held.length)) return null;

	const filters = giving.map(({ filter }) => normalForm(joined(filter ?? {})));
	return filters.some((filter) => Object.keys(filter).length === 0) ? null : { _or: filters };
}

/** The caller's permissions to read; none for Directus's own collections but the users', where one gives all fields. */
export async function rightsOn(
	database: Knex,
	accountability: Accountability,
	collection: string,
): Promise<HeldPermission[]> {
	// Of all others of Directus's own there is one right for all of their fields.
	if (collection.startsWith('directus_') && collection !== 'directus_users') return [];

	const held = await permissionsOf(database, accountability, 'read', collection);
	return collection === 'directus_users' ? withOneself(held, accountability) : held;
}

/** The permissions to read users, with the one that Directus adds for somebody who may open its app. */
export function withOneself(held: HeldPermission[], accountability: Accountability): HeldPermission[] {
	if (accountability.app !== true) return held;
	const filter = { id: { _eq: accountability.user } } as Filter;
	return [...held, { fields: OF_ONESELF, filter, validation: null, presets: {}, everybodys: false }];
}

/** The number of rows behind a list is that of all, readable or not. @throws 403 where some may not be the caller's to read. */
export async function requireAll(reader: Reader, collection: string, list: string): Promise<void> {
	const target = relatedTo(reader.schema, collection, list) as string;
	const held = await reader.rightsOn(target);
	if (held.some(({ filter }) => Object.keys(filter ?? {}).length === 0)) return;
	throw forbidden(`The rows in "${list}" cannot be counted here: some may not be yours to read.`);
}

/** @returns the fields that the caller may read on some row; undefined where that may be all. */
export async function readableFields(reader: Reader, collection: string): Promise<ReadonlySet<string> | undefined> {
	const given = new Set((await reader.rightsOn(collection)).flatMap(({ fields }) => fields));
	return given.size === 0 || given.has('*') ? undefined : given;
}
