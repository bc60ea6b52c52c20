import type { Accountability, Filter } from '@directus/types';

/** A filter holds something that can only be decided by the database on a row that is there. */
export class Undecidable extends Error {}

/** The filter with the caller's values for the dynamic variables. @throws Undecidable for a variable that is none of ours. */
export function withCaller(filter: Filter, caller: Accountability): Filter {
	return replaced(filter, caller) as Filter;
}

function replaced(value: unknown, caller: Accountability): unknown {
	if (Array.isArray(value)) return value.map((element) => replaced(element, caller));

	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner, caller)]));
	}

	if (typeof value !== 'string' || !value.startsWith('$')) return value;
	if (value === '$CURRENT_USER') return caller.user;
	if (value === '$CURRENT_ROLE') return caller.role;
	if (value === '$CURRENT_ROLES') return caller.roles;

	throw new Undecidable(`the variable ${value} is not known here`);
}
