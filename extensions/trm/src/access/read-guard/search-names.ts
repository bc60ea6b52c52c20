import type { Filter, Query } from '@directus/types';

/** A name of related rows by which people look for a row. */
interface RelatedName {
	collection: string;
	/** the fields that hold it */
	texts: string[];
	/** the key of the related row, or what names ours in it */
	key: string;
	/** what has that key in the row that is looked for */
	field: string;
}

interface LookedForBy {
	texts: string[];
	number: string;
	related: RelatedName[];
}

/** Collections that people look for by names which stand in related rows: this replaces Directus's search, which sees none of them. */
const LOOKED_FOR_BY: Readonly<Record<string, LookedForBy>> = {
	entries: {
		texts: ['team', 'status'],
		number: 'race_number',
		related: [
			{ collection: 'entry_crew', texts: ['name'], key: 'entry', field: 'id' },
			{ collection: 'vehicles', texts: ['make', 'model'], key: 'id', field: 'vehicle' },
		],
	},
};

/** Each is looked up in all related collections: more would only cost. */
const MOST_WORDS = 3;

/** Postgres's integers have nine digits at least. */
const NUMBER = /^\d{1,9}$/;

/**
 * Reads keys as the caller, by his own rights: as one query with the names behind the row it would be joined with all rights to
 * both, which took minutes with a hundred rows.
 */
export type LookUp = (related: RelatedName, filter: Filter) => Promise<unknown[]>;

/** The query with its search as a filter: each word stands in a text of the row or of a related one, or is the number. */
export async function searchByNames(collection: string, query: Query, lookUp: LookUp): Promise<Query> {
	const { search, ...others } = query;
	const by = Object.hasOwn(LOOKED_FOR_BY, collection) ? LOOKED_FOR_BY[collection] : undefined;
	if (by === undefined || typeof search !== 'string' || search.trim() === '') return query;

	const words: Filter[] = [];
	for (const word of search.trim().split(/\s+/).slice(0, MOST_WORDS)) words.push(await wordFilter(by, word, lookUp));
	return { ...others, filter: { _and: [...(query.filter ? [query.filter] : []), ...words] } as Filter };
}

async function wordFilter({ texts, number, related }: LookedForBy, word: string, lookUp: LookUp): Promise<Filter> {
	const conditions: Filter[] = [];

	for (const name of related) {
		const keys = await lookUp(name, holdsAny(name.texts, word));
		if (keys.length > 0) conditions.push({ [name.field]: { _in: keys } } as Filter);
	}

	if (NUMBER.test(word)) conditions.push({ [number]: { _eq: Number(word) } } as Filter);
	return { _or: [...(holdsAny(texts, word) as { _or: Filter[] })._or, ...conditions] };
}

const holdsAny = (texts: string[], word: string): Filter => ({
	_or: texts.map((text) => ({ [text]: { _icontains: word } }) as Filter),
});
