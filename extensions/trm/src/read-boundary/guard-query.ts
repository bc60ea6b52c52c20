import type { Filter, Query } from '@directus/types';
import { forbidden, invalidPayload } from '../shared/errors.js';
import { relatedTo } from '../shared/references.js';
import { guardFilter } from './guard-filter.js';
import { conditionsOf, rightsOn, searchCondition, type Reader, type ReadContext } from './readable-rows.js';
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

/** @returns the query, confined to rows on which the caller may read the fields that it asks by. @throws 403 for what cannot be confined. */
export async function guardQuery(context: ReadContext, collection: string, query: Query): Promise<Query> {
	const { accountability, schema } = context;
	if (accountability === null || accountability.admin === true || schema === null) return query;

	const rights = (of: string) => rightsOn(context.database, accountability, of);
	return confineQuery({ accountability, schema, rightsOn: rights }, collection, query);
}

/** The same for a reader whose rights are known. */
export async function confineQuery(reader: Reader, collection: string, query: Query): Promise<Query> {
	const filter = await confine(reader, collection, query as Asked);
	const deep = query.deep ? await guardDeep(reader, collection, query.deep, query.alias) : query.deep;
	return { ...query, ...(filter === null ? {} : { filter }), ...(deep ? { deep } : {}) } as Query;
}

async function confine(reader: Reader, collection: string, asked: Asked): Promise<Filter | null> {
	// It becomes the name of a column in the statement.
	if (Object.keys(asked.alias ?? {}).some((name) => !/^\w+$/.test(name))) {
		throw odd('alias', 'takes names of letters, digits and underscores');
	}
	if (asked.aggregate && Object.keys(asked.aggregate).length === 0) throw odd('aggregate', 'names no function');
	// It becomes an ORDER BY, or GROUP BY, of nothing.
	if (asked.sort?.length === 0 || asked.group?.length === 0) throw odd('sort', 'and groupBy name at least one field');

	const filter = asked.filter ? await guardFilter(reader, collection, asked.filter) : null;
	const conditions: Filter[] = [];

	for (const path of pathsOf(asked)) conditions.push(...(await conditionsOf(reader, collection, path)));
	if (asked.search) conditions.push(...(await searchCondition(reader, collection)));

	const confined = conditions.length === 0 ? filter : { _and: [...(filter === null ? [] : [filter]), ...conditions] };
	await refuseRepeating(reader, collection, asked, confined);
	return confined as Filter | null;
}

/** What is counted in the rows of a join tells how many rows of others there are, and is wrong besides. */
async function refuseRepeating(
	reader: Reader,
	collection: string,
	{ aggregate }: Asked,
	filter: unknown,
): Promise<void> {
	const repeated = repeating(aggregate);
	if (repeated === undefined) return;

	const filters = [filter, ...(await reader.rightsOn(collection)).map((held) => held.filter)];
	if (!filters.some((one) => repeatsRows(reader.schema, collection, one))) return;

	throw forbidden(`"${repeated}" would count rows several times here: use countDistinct with the key, or min and max.`);
}

const odd = (path: string, message: string) => invalidPayload([{ path, message }])[0] as Error;

/** What a query sorts, groups and aggregates by. */
function pathsOf({ sort, group, aggregate, alias }: Asked): string[][] {
	const aggregated = Object.values(aggregate ?? {}).flat();

	const named = [...(sort ?? []), ...(group ?? []), ...aggregated] as unknown[];
	if (named.some((field) => typeof field !== 'string'))
		throw odd('sort', 'and group and aggregate take names of fields');

	// The engine would look for a column with a dot in its name.
	if ([...(group ?? []), ...aggregated].some((field) => field.includes('.'))) {
		throw forbidden('Only fields of the rows themselves can be grouped and aggregated.');
	}

	const sorted = (sort ?? [])
		.map((field) => field.replace(/^-/, ''))
		.filter((field) => !(aggregate && (field.split('.')[0] as string) in aggregate));

	return [...sorted, ...(group ?? []), ...aggregated]
		.filter((field) => field !== '*' && field !== '?')
		.map((field) => field.split('.'))
		.map(([first = '', ...rest]) => [alias?.[first] ?? first, ...rest]);
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
