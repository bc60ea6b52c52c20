import type { Filter } from '@directus/types';

type Part = Record<string, unknown>;

const LOGICAL = ['_and', '_or'];
const LISTS = ['_some', '_none'];

/**
 * A filter as Directus's engine reads it: one key in each object, and `_and` and `_or` above all fields. What its services are
 * handed in any other form is dropped without a word; for requests and permissions it does this itself.
 */
export function normalForm(filter: Filter): Filter {
	return normalized(filter as Part) as Filter;
}

function normalized(filter: Part): Part {
	const parts = Object.entries(filter).map(([name, condition]) => entry(name, condition));
	return parts.length > 1 ? { _and: parts } : (parts[0] ?? {});
}

function entry(name: string, condition: unknown): Part {
	if (LOGICAL.includes(name)) return { [name]: (condition as Part[]).map(normalized) };
	if (LISTS.includes(name)) return { [name]: normalized(condition as Part) };
	if (name.startsWith('_')) return { [name]: condition };
	return below(name, normalized(condition as Part));
}

/** `{field: {_and: [a, b]}}` is `{_and: [{field: a}, {field: b}]}`: both are asked of the same row behind the field. */
function below(field: string, condition: Part): Part {
	const [name, inner] = Object.entries(condition)[0] ?? [];
	if (name === undefined || !LOGICAL.includes(name)) return { [field]: condition };
	return { [name]: (inner as Part[]).map((part) => below(field, part)) };
}
