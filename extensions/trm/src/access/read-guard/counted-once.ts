import type { Query } from '@directus/types';

type Aggregate = Record<string, string[]>;
type Row = Record<string, unknown>;

interface Counting {
	aggregate?: Aggregate | null;
	sort?: string[] | null;
}

/** How the numbers of a query that counts keys are called in the answer to the question that was asked. */
interface Renamed {
	primary: string;
	/** What was asked: the key's own number, that of all rows under the name of the function, or both. */
	asked: { count: string[]; countAll: boolean };
	/** Whether the number of keys was asked for itself too. */
	alsoDistinct: boolean;
}

const renamed = new WeakMap<object, Renamed>();

/**
 * Counts each row once where the statement has it several times: rows by their keys, in place of `count(*)` and of `count(key)`.
 * @returns the question to ask instead; undefined where something else is counted, which cannot be counted so.
 */
export function countKeys<Asked extends Counting>(asked: Asked, primary: string): Asked | undefined {
	const { count = [], countAll, countDistinct = [], ...others } = asked.aggregate ?? {};
	if (count.some((field) => field !== '*' && field !== primary)) return undefined;

	const toKeys = (field: string) =>
		/^-?(?:count|countAll)(?:\.|$)/.test(field) ? field.replace(/^(-?).*/, `$1countDistinct.${primary}`) : field;

	const instead = {
		...asked,
		aggregate: { ...others, countDistinct: [...new Set([...countDistinct, primary])] },
		...(asked.sort ? { sort: asked.sort.map(toKeys) } : {}),
	};

	const alsoDistinct = countDistinct.includes(primary);
	renamed.set(instead.aggregate, { primary, asked: { count, countAll: countAll !== undefined }, alsoDistinct });
	return instead;
}

/** Gives the numbers in an answer the names under which they were asked for. */
export function renameCounts(rows: unknown, query: Query | null | undefined): unknown {
	const names = query?.aggregate ? renamed.get(query.aggregate) : undefined;
	return names === undefined || !Array.isArray(rows) ? rows : rows.map((row: Row) => renameIn(row, names));
}

function renameIn({ countDistinct, ...row }: Row, { primary, asked, alsoDistinct }: Renamed): Row {
	const { [primary]: number, ...others } = countDistinct as Row;
	const distinct = alsoDistinct ? { ...others, [primary]: number } : others;

	return {
		...row,
		...(Object.keys(distinct).length === 0 ? {} : { countDistinct: distinct }),
		...(asked.count.includes(primary) ? { count: { [primary]: number } } : {}),
		...(asked.count.includes('*') ? { count: number } : {}),
		...(asked.countAll ? { countAll: number } : {}),
	};
}
