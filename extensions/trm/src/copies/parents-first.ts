/** A class as it is sent for creation; `parent` is a class that exists, by its key or as an object with it. */
export interface CopiedClass {
	code?: unknown;
	parent?: unknown;
	event?: unknown;
}

/** The key of a related item as Directus's app sends it. */
export function keyOf(item: unknown): string | undefined {
	const key = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item;
	return typeof key === 'string' ? key : undefined;
}

/**
 * The classes in an order in which each comes after its parent, and otherwise as they were.
 * @param known the parents, which are classes of another event; the parent's copy has the same code
 */
export function parentsFirst<T extends CopiedClass>(classes: T[], known: { id: string; code: string }[]): T[] {
	const codes = new Map(known.map(({ id, code }) => [id, code]));
	const byCode = new Map(classes.map((one) => [one.code, one]));
	const ordered = new Set<T>();

	function place(one: T, above: Set<T>): void {
		const parent = byCode.get(codes.get(keyOf(one.parent) ?? ''));
		// A circle has no first: the database decides what it thinks of that.
		if (parent && !above.has(parent)) place(parent, new Set([...above, one]));
		ordered.add(one);
	}

	for (const one of classes) place(one, new Set([one]));
	return [...ordered];
}
