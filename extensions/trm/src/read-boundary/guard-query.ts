import type { Filter, Query } from '@directus/types';
import { forbidden } from '../shared/errors.js';
import type { HeldPermission } from '../shared/held-permissions.js';
import { relatedTo } from '../shared/references.js';
import { guardFilter } from './guard-filter.js';
import { countKeys } from './counted-once.js';
import { odd, refuseOdd } from './odd-questions.js';
import {
	conditionsOf,
	refuseCounts,
	rightsOn,
	searchCondition,
	type Reader,
	type ReadContext,
} from './readable-rows.js';
import { repeating, repeatsRows } from './repeated-rows.js';

/** What a query asks of the rows of one collection, whether it is the query itself or a part of `deep`. */
interface Asked {
	fields?: string[] | null;
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

	// A question may have thousands of conditions on one collection.
	const known = new Map<string, Promise<HeldPermission[]>>();

	const rights = (of: string) => {
		const held = known.get(of) ?? rightsOn(context.database, accountability, of);
		known.set(of, held);
		return held;
	};

	return confineQuery({ accountability, schema, rightsOn: rights }, collection, query);
}

/** The same for a reader whose rights are known. */
export async function confineQuery(reader: Reader, collection: string, query: Query): Promise<Query> {
	const asked = query as Asked;
	const filter = await confine(reader, collection, asked);
	const deep = query.deep ? await guardDeep(reader, collection, query.deep, query.alias) : query.deep;
	const counting = (await repeatedBy(reader, collection, asked, filter)) ? countOnce(reader, collection, asked) : asked;
	return { ...counting, ...(filter === null ? {} : { filter }), ...(deep ? { deep } : {}) } as Query;
}

async function confine(reader: Reader, collection: string, asked: Asked): Promise<Filter | null> {
	refuseOdd(reader.schema, collection, asked);
	const filter = asked.filter ? await guardFilter(reader, collection, asked.filter) : null;
	const conditions: Filter[] = [];

	for (const field of asked.fields ?? []) await refuseCounts(reader, collection, field, asked.alias);
	for (const path of pathsOf(asked)) conditions.push(...(await conditionsOf(reader, collection, path)));
	if (asked.search) conditions.push(...(await searchCondition(reader, collection)));

	const confined = conditions.length === 0 ? filter : { _and: [...(filter === null ? [] : [filter]), ...conditions] };
	return confined as Filter | null;
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

/** What a query sorts, groups and aggregates by. */
function pathsOf({ sort, group, aggregate, alias }: Asked): string[][] {
	const aggregated = Object.values(aggregate ?? {}).flat();

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
	if (asked.aggregate || asked.group)
		throw odd('deep', 'a list can be grouped and aggregated by a request of its own only');

	const filter = await confine(reader, collection, asked);
	const deep = await guardDeep(reader, collection, Object.fromEntries(nested), asked.alias);
	return { ...Object.fromEntries(own), ...(filter === null ? {} : { _filter: filter }), ...deep };
}
