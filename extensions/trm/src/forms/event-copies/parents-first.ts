/** A class as it is sent for creation; `parent` is a class that exists, by its key or as an object with it. */
export interface CopiedClass {
	code?: unknown;
	parent?: unknown;
	event?: unknown;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The key of a related item as Directus's app sends it; undefined for what no row has as its key. */
export function keyOf(item: unknown): string | undefined {
	const key = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item;
	return typeof key === 'string' && UUID.test(key) ? key : undefined;
}

/**
 * The classes in an order in which each comes after its parent, and otherwise as they were.
 * @param known the parents, which are classes of another event; the parent's copy has the same code
 */
export function parentsFirst<T extends CopiedClass>(classes: T[], known: { id: string; code: string }[]): T[] {
	const codes = new Map(known.map(({ id, code }) => [id, code]));
	const byCode = new Map(classes.map((one) => [one.code, one]));
	const begun = new Set<T>();
	const ordered: T[] = [];

	function place(one: T): void {
		// Placed already, or in a circle, which has no first: the database refuses that.
		if (begun.has(one)) return;
		begun.add(one);
		const code = codes.get(keyOf(one.parent) ?? '');
		const parent = code === undefined ? undefined : byCode.get(code);
		if (parent) place(parent);
		ordered.push(one);
	}

	classes.forEach(place);
	return ordered;
}
