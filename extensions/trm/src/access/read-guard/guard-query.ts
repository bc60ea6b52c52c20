import type { Filter, Query } from '@directus/types';
import { knownQuery, type Asking } from '../query-limits/known-query.js';
import { addedByGuard } from '../query-limits/read-filter.js';
import type { RowLimits } from '../query-limits/read-query.js';
import { forbidden } from '../../lib/errors.js';
import type { HeldPermission } from '../held-permissions.js';
import { relatedTo } from '../references.js';
import { guardFilter } from './guard-filter.js';
import { countKeys } from './counted-once.js';
import {
	conditionsOf,
	readableFields,
	requireAll,
	rightsOn,
	searchCondition,
	type Reader,
	type ReadContext,
} from './readable-rows.js';
import { repeating, repeatsRows } from './repeated-rows.js';

/** What a query asks of the rows of one collection, whether it is the query itself or a part of `deep`. */
interface Asked {
	filter?: Filter | null;
	sort?: string[] | null;
	group?: string[] | null;
	aggregate?: Record<string, string[]> | null;
	search?: string | null;
	alias?: Record<string, string> | null;
}

/**
 * @returns the query, limited to rows where the caller may read every field it filters, sorts or groups by.
 * @throws 400 for what is not understood. @throws 403 for what cannot be limited. @throws 413 for a query that asks for too much.
 */
export async function guardQuery(
	context: ReadContext,
	collection: string,
	asked: Query,
	rows: () => Promise<RowLimits>,
): Promise<Query> {
	const { accountability, schema } = context;
	const reader = readerOf(context);
	const known = await knownQuery(askingBy(context, rows, reader), collection, asked);
	if (known === undefined || accountability === null || accountability.admin === true || schema === null) return asked;

	for (const { collection: from, list } of known.counted) await requireAll(reader as Reader, from, list);
	return confineQuery(reader as Reader, collection, known.query);
}

/** Whether a query may be asked; a write is answered by it when all is done. @throws as guardQuery. */
export async function checkQuery(
	context: ReadContext,
	collection: string,
	asked: Query,
	rows: () => Promise<RowLimits>,
): Promise<void> {
	await knownQuery(askingBy(context, rows, readerOf(context)), collection, asked);
}

const askingBy = (context: ReadContext, rows: () => Promise<RowLimits>, reader: Reader | null): Asking => ({
	...context,
	rows,
	readable: async (collection) => (reader === null ? undefined : readableFields(reader, collection)),
});

/** A caller with his rights, each read once; null for the server itself. */
function readerOf({ accountability, schema, database }: ReadContext): Reader | null {
	if (accountability === null || schema === null) return null;
	// A question may have thousands of conditions on one collection.
	const found = new Map<string, Promise<HeldPermission[]>>();

	const rights = (of: string) => {
		const held = found.get(of) ?? rightsOn(database, accountability, of);
		found.set(of, held);
		return held;
	};

	return { accountability, schema, rightsOn: rights };
}

/** The same for a reader whose rights are known, and a query that was read. */
export async function confineQuery(reader: Reader, collection: string, query: Query): Promise<Query> {
	const asked = query as Asked;
	const filter = await confine(reader, collection, asked);
	const deep = query.deep ? await guardDeep(reader, collection, query.deep, query.alias) : query.deep;
	const counting = (await repeatedBy(reader, collection, asked, filter)) ? countOnce(reader, collection, asked) : asked;
	return { ...counting, ...(filter === null ? {} : { filter }), ...(deep ? { deep } : {}) } as Query;
}

async function confine(reader: Reader, collection: string, asked: Asked): Promise<Filter | null> {
	const filter = asked.filter ? await guardFilter(reader, collection, asked.filter) : null;
	const conditions: Filter[] = [];

	for (const path of pathsOf(asked)) conditions.push(...(await conditionsOf(reader, collection, path)));
	if (asked.search) conditions.push(...(await searchCondition(reader, collection)));

	const confined = conditions.length === 0 ? filter : { _and: [...(filter === null ? [] : [filter]), ...conditions] };
	return confined === null ? null : (addedByGuard(confined) as Filter);
}

/** Whether what is aggregated would be taken several times from one row: it would be wrong, and tell how many rows of others there are. */
async function repeatedBy(reader: Reader, collection: string, { aggregate }: Asked, filter: unknown): Promise<boolean> {
	if (repeating(aggregate) === undefined) return false;

	const filters = [filter, ...(await reader.rightsOn(collection)).map((held) => held.filter)];
	return filters.some((one) => repeatsRows(reader.schema, collection, one));
}

function countOnce(reader: Reader, collection: string, asked: Asked): Asked {
	const instead = countKeys(asked, reader.schema.collections[collection]?.primary ?? 'id');
	const repeated = repeating((instead ?? asked).aggregate);
	if (instead === undefined || repeated !== undefined) throw repeatedError(repeated as string);
	return instead;
}

const repeatedError = (name: string) =>
	forbidden(`"${name}" would count rows several times here: use countDistinct with the key, or min and max.`);

/** What a query sorts, groups and aggregates by: by the names of the fields, whatever other names the answer gives them. */
function pathsOf({ sort, group, aggregate }: Asked): string[][] {
	const sorted = (sort ?? [])
		.map((field) => field.replace(/^-/, ''))
		.filter((field) => !(aggregate && (field.split('.')[0] as string) in aggregate));

	return [...sorted, ...(group ?? []), ...Object.values(aggregate ?? {}).flat()]
		.filter((field) => field !== '*' && field !== '?')
		.map((field) => field.split('.'));
}

type Deep = Record<string, unknown>;

/** `deep` names a list or a row by its field, and by a leading underscore what is asked of it. */
async function guardDeep(
	reader: Reader,
	collection: string,
	deep: Deep,
	alias?: Record<string, string> | null,
): Promise<Deep> {
	const guarded: Deep = {};

	for (const [name, part] of Object.entries(deep)) {
		const target = relatedTo(reader.schema, collection, alias?.[name] ?? name);
		guarded[name] = target === undefined ? part : await guardPart(reader, target, part as Deep);
	}

	return guarded;
}

async function guardPart(reader: Reader, collection: string, part: Deep): Promise<Deep> {
	const own = Object.entries(part).filter(([name]) => name.startsWith('_'));
	const nested = Object.entries(part).filter(([name]) => !name.startsWith('_'));
	const asked = Object.fromEntries(own.map(([name, value]) => [name.slice(1), value])) as Asked;

	const filter = await confine(reader, collection, asked);
	const deep = await guardDeep(reader, collection, Object.fromEntries(nested), asked.alias);
	return { ...Object.fromEntries(own), ...(filter === null ? {} : { _filter: filter }), ...deep };
}
