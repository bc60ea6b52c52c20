import type { SchemaOverview } from '@directus/types';
import { invalidPayload } from '../shared/errors.js';

/** What Directus answers with 500, or with a statement that Postgres refuses, is told to be wrong before it comes to that. */

interface Asked {
	fields?: string[] | null;
	sort?: string[] | null;
	group?: string[] | null;
	aggregate?: Record<string, string[]> | null;
	alias?: Record<string, string> | null;
}

/** Of the ones that take no letters' case into account: they are turned into small letters. */
const OF_SMALL_LETTERS = /^_n?i(?:contains|starts_with|ends_with)$/;

export const odd = (path: string, message: string) => invalidPayload([{ path, message }])[0] as Error;

/** @throws 400 for a question without a meaning. */
export function refuseOdd(schema: SchemaOverview, collection: string, asked: Asked): void {
	const { fields, sort, group, aggregate, alias } = asked;
	// It becomes the name of a column in the statement.
	if (Object.keys(alias ?? {}).some((name) => !/^\w+$/.test(name))) {
		throw odd('alias', 'takes names of letters, digits and underscores');
	}
	if (aggregate && Object.keys(aggregate).length === 0) throw odd('aggregate', 'names no function');
	// It becomes an ORDER BY, or GROUP BY, of nothing.
	if (sort?.length === 0 || group?.length === 0) throw odd('sort', 'and groupBy name at least one field');

	const aggregated = Object.values(aggregate ?? {}).flat();
	const named = [...(sort ?? []), ...(group ?? []), ...aggregated] as unknown[];
	if (named.some((field) => typeof field !== 'string')) {
		throw odd('sort', 'and group and aggregate take names of fields');
	}

	for (const path of [...(fields ?? []), ...(named as string[]), ...Object.values(alias ?? {})]) {
		if (typeof path !== 'string') continue;
		path.split('.').forEach(refuseOddName);
	}

	refuseOddGroups(schema, collection, asked);
}

/** @throws 400 for a name that is none, and for one that every object of JavaScript has. */
export function refuseOddName(name: string): void {
	if (/^-?\w*\(\s*\)$/.test(name)) throw odd(name, 'names no field');
	if (name.replace(/^-/, '') in {}) throw odd(name, 'is no field');
}

function refuseOddGroups(schema: SchemaOverview, collection: string, { sort, group, aggregate }: Asked): void {
	const aggregated = Object.values(aggregate ?? {}).flat();

	const list = [...(group ?? []), ...aggregated].find((field) => isList(schema, collection, field));
	if (list !== undefined) throw odd(list, 'is a list: it cannot be grouped or aggregated by');
	const computed = aggregated.find((field) => /[()]/.test(field));
	if (computed !== undefined) throw odd(computed, 'cannot be aggregated: name a field');

	if (!group || !sort) return;
	const outcomes = ['?', ...group, ...Object.keys(aggregate ?? {})];
	const stray = sort.map((field) => field.replace(/^-/, '')).find((field) => !isOneOf(outcomes, field));
	if (stray !== undefined) throw odd(stray, 'is neither grouped by nor aggregated: the groups cannot be sorted by it');
}

const isOneOf = (outcomes: string[], field: string) =>
	outcomes.includes(field) || outcomes.includes(field.split('.')[0] as string);

function isList({ collections }: SchemaOverview, collection: string, field: string): boolean {
	const fields = collections[collection]?.fields ?? {};
	return Object.hasOwn(fields, field) && fields[field]?.type === 'alias';
}

/** @throws 400 for a condition that is compared with nothing it can be compared with. */
export function refuseOddValue(path: string[], operator: string, value: unknown): void {
	path.forEach(refuseOddName);
	const name = path.join('.');

	if (OF_SMALL_LETTERS.test(operator) && typeof value !== 'string') throw odd(name, `${operator} takes text`);
	if (value instanceof Date && Number.isNaN(value.getTime())) throw odd(name, 'there is no such date');
}
