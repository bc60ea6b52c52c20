import { contentTooLarge } from '../../lib/errors.js';

/** What a query may have, whatever it is about: Directus and we look at each part of it several times. */
const MOST = { parts: 25_000, nested: 64, fields: 1_000, grouped: 50, aliases: 100, relations: 500 };

/** Lists by what they are called, alone and in `deep`. */
const LISTS: Record<string, number> = {
	fields: MOST.fields,
	sort: MOST.grouped,
	group: MOST.grouped,
	groupBy: MOST.grouped,
	aggregate: MOST.grouped,
	alias: MOST.aliases,
	deep: MOST.relations,
};

/**
 * Holds a query, as it came, against limits of its shape, before anything walks through it.
 * @param query of a request's address, of the body of a SEARCH, or the variables of GraphQL
 * @throws 413 where it has too many parts.
 */
export function checkShape(query: unknown): void {
	let parts = 0;
	const open: { value: unknown; depth: number }[] = [{ value: query, depth: 0 }];

	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		const { value, depth } = next;
		if (typeof value !== 'object' || value === null) continue;
		if (depth > MOST.nested) throw contentTooLarge('A query is nested too deeply.');

		const entries = Object.entries(value);
		parts += entries.length;
		if (parts > MOST.parts) throw contentTooLarge(`A query may have at most ${MOST.parts} parts.`);

		for (const [name, inner] of entries) {
			const list = name.replace(/^_/, '').replace(/\[\]$/, '');
			const most = Object.hasOwn(LISTS, list) ? (LISTS[list] as number) : Infinity;
			if (lengthOf(inner) > most) throw contentTooLarge(`A query may have at most ${most} entries in "${list}".`);
			open.push({ value: inner, depth: depth + 1 });
		}
	}
}

/** A text with commas is a list too, and JSON in a text one of its parts. */
function lengthOf(value: unknown): number {
	if (typeof value === 'string') return value.split(',', MOST.parts).length;
	if (Array.isArray(value)) return value.length + commasIn(value);
	return typeof value === 'object' && value !== null ? Object.values(value).reduce<number>(plusLength, 0) : 1;
}

const plusLength = (sum: number, value: unknown) => sum + (Array.isArray(value) ? value.length + commasIn(value) : 1);
const commasIn = (list: unknown[]) =>
	list.reduce<number>((sum, one) => sum + (typeof one === 'string' ? one.split(',', MOST.parts).length - 1 : 0), 0);
