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
	return below(name, isPart(condition) ? normalized(condition) : { _eq: condition });
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null;

/** `{field: {_and: [a, b]}}` is `{_and: [{field: a}, {field: b}]}`: both are asked of the same row behind the field. */
function below(field: string, condition: Part): Part {
	const [name, inner] = Object.entries(condition)[0] ?? [];
	if (name === undefined || !LOGICAL.includes(name)) return { [field]: condition };
	return { [name]: (inner as Part[]).map((part) => below(field, part)) };
}

/** The filter behind a path of relations: `behind(['entry', 'event'], {name: …})`. Takes and gives the normal form. */
export function behind(path: string[], filter: Filter): Filter {
	return path.reduceRight((part, field) => below(field, part), filter as Part) as Filter;
}

/**
 * The same filter without `_some`, which Directus knows in the first place only, and with one condition: a field behind a list says
 * the same. `_none` of all rows is a list that holds null.
 */
export function joined(filter: Filter): Filter {
	return unlisted(filter as Part) as Filter;
}

function unlisted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(unlisted);
	if (!isPart(value)) return value;

	const entries = Object.entries(value).flatMap(([name, inner]) => {
		if (name === '_some') return Object.entries(unlisted(inner) as Part);
		return name === '_none' && isOfAll(inner)
			? Object.keys(inner as Part).map((field) => [field, { _null: true }] as const)
			: [[name, name.startsWith('_') && !LOGICAL.includes(name) ? inner : unlisted(inner)] as const];
	});

	return Object.fromEntries(entries);
}

const isOfAll = (inner: unknown) => isPart(inner) && JSON.stringify(Object.values(inner)) === '[{"_nnull":true}]';
