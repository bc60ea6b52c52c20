/** What a query may cost, as far as the query itself tells. */
export interface QuerySize {
	/** relations one behind the other in the longest path */
	depth: number;
	/** relations whose items are answered: each is a statement of its own */
	branches: number;
	/** relations that filters and sorts go through: each is a join */
	joins: number;
	/** those of them that lead to lists: each multiplies the rows that Postgres looks at */
	lists: number;
	/** those of the lists that are not inside one another: their rows are joined each with each */
	sideBySide: number;
	/** relations that lead back to a collection which the path has gone through, and lists of lists behind a row: each item is joined with most others */
	backs: number;
	/** comparisons in filters */
	conditions: number;
	/** those of them that are about items of lists: each is a query inside the query */
	subqueries: number;
	/** values that they compare with */
	values: number;
	/** relations before the farthest `*`: 0 for one on the items themselves, Infinity for one that other parts follow */
	wildcard: number;
	/** values in the answer at most: items × fields, with those of related items */
	cells: number;
}

export type Limits = Readonly<QuerySize>;

/** What callers without an account may ask, and those to whom a share was given: our start lists need less. */
export const PUBLIC_LIMITS: Limits = {
	depth: 3,
	branches: 6,
	joins: 6,
	lists: 2,
	sideBySide: 1,
	backs: 0,
	conditions: 100,
	subqueries: 30,
	values: 1_000,
	wildcard: 0,
	cells: 100_000,
};

/** What users may ask. The admin app asks for `role.*` of a user and for `classes.*` to copy an event. */
export const MEMBER_LIMITS: Limits = {
	depth: 5,
	branches: 20,
	joins: 15,
	lists: 2,
	sideBySide: 1,
	backs: 0,
	conditions: 200,
	subqueries: 40,
	values: 20_000,
	wildcard: 1,
	cells: 300_000,
};

/** What is told of each that is above its limit. */
const TOLD: Record<keyof QuerySize, (limit: number) => string> = {
	depth: (limit) => `${limit} relations one behind the other`,
	branches: (limit) => `${limit} relations among its fields`,
	joins: (limit) => `${limit} relations in its filters and sorts`,
	lists: (limit) => `${limit} lists in its filters and sorts`,
	sideBySide: () => 'one list in its filters and sorts, or one inside another; ask for the others by another query',
	backs: () =>
		'no relation in its filters and sorts that leads back to where it came from, and no list of lists behind an item',
	conditions: (limit) => `${limit} conditions`,
	subqueries: (limit) => `${limit} conditions about items of lists`,
	values: (limit) => `${limit} values in its conditions`,
	wildcard: (limit) => `a "*" for the fields of the items${limit > 0 ? ' and of one relation' : ''}; name the others`,
	cells: (limit) => `${limit} values in its answer; set limit and deep[…][_limit], or name fewer fields`,
};

/** @returns what is above its limit, in words; undefined where nothing is. */
export function excessOf(size: QuerySize, limits: Limits): string | undefined {
	const names = Object.keys(TOLD) as (keyof QuerySize)[];
	const name = names.find((one) => size[one] > limits[one]);
	return name && `A query may have at most ${TOLD[name](limits[name])}.`;
}
