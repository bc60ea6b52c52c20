import { functionsFor, isKnownOperator, operatorsFor, PAYLOAD_OPERATORS } from './operators.js';
import { fieldOf, relationOf, type Field, type Names } from './schema-names.js';
import { valueProblem } from './values.js';

/** One thing that is wrong, with its place as `filter.organizations._some`. */
export interface Problem {
	path: string;
	message: string;
}

interface Scope {
	names: Names;
	collection: string;
	/** A filter of the database, or a validation of a payload. */
	of: 'rows' | 'payload';
	/**
	 * Whether a relation lies between this and the collection that the database is asked for. There Directus answers each request that meets
	 * `_some` or `_none` with 400.
	 */
	joined: boolean;
	/** Inside `_some` or `_none`. There Directus drops, unsaid, a filter of more than one condition: everything would match. */
	single: boolean;
}

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isLogical = (key: string) => key === '_and' || key === '_or';
const problem = (path: string, message: string): Problem[] => [{ path, message }];
const EMPTY = 'an empty filter matches everything; leave it out';
const SINGLE =
	'Directus drops what stands in _some or _none when it is more than one condition, and everything would match; ' +
	'leave _some out and name the fields behind the list, which are then those of one item';

/**
 * All that is wrong with a permission's filter or validation, over a collection of the live schema.
 * None: Directus takes it, and none of its parts is lost on the way. An empty one is possible at the top, where it means "all".
 */
export function filterProblems(
	names: Names,
	collection: string,
	filter: Record<string, unknown> | null,
	{ path, of = 'rows' }: { path: string; of?: 'rows' | 'payload' },
): Problem[] {
	if (filter === null || Object.keys(filter).length === 0) return [];
	return mappingProblems(filter, path, { names, collection, of, joined: false, single: false });
}

function mappingProblems(filter: unknown, path: string, scope: Scope): Problem[] {
	if (!isMapping(filter)) return problem(path, `${JSON.stringify(filter)} is not a filter`);

	const keys = Object.keys(filter);
	if (keys.length === 0) return problem(path, EMPTY);
	if (scope.single && keys.length > 1) return problem(path, SINGLE);

	return keys.flatMap((key) =>
		isLogical(key)
			? logicalProblems(filter[key], `${path}.${key}`, scope, (part, place) => mappingProblems(part, place, scope))
			: fieldProblems(key, filter[key], `${path}.${key}`, scope),
	);
}

function logicalProblems(
	parts: unknown,
	path: string,
	{ single }: Scope,
	problemsOf: (part: unknown, path: string) => Problem[],
): Problem[] {
	if (single) return problem(path, SINGLE);
	if (!Array.isArray(parts)) return problem(path, 'is not a list of filters');
	// Without any, Directus leaves the condition out.
	if (parts.length === 0) return problem(path, EMPTY);
	return parts.flatMap((part, index) => problemsOf(part, `${path}[${index}]`));
}

function fieldProblems(key: string, value: unknown, path: string, scope: Scope): Problem[] {
	const { names, collection } = scope;
	if (key.startsWith('_')) return problem(path, `${key} cannot stand here: a field of ${collection} or _and, _or must`);

	const [, applied, inner] = /^(\w+)\((\w+)\)$/.exec(key) ?? [];
	const [name = '', target] = (inner ?? key).split(':');
	const field = fieldOf(names, collection, name);
	if (field === undefined) return problem(path, `there is no field "${name}" in ${collection}`);

	const relation = relationOf(names, collection, name);

	if (applied !== undefined) {
		if (!functionsFor(field.type, relation?.type === 'list').includes(applied)) {
			return problem(path, `there is no ${applied}() of a field of type ${field.type}`);
		}

		return conditionProblems(value, path, scope, { name: key, field: { ...field, type: 'integer', special: [] } });
	}

	if (relation?.type === 'list') return listProblems(value, path, relation.collection, scope);

	if (relation?.type === 'any' && target !== undefined) {
		if (!relation.collections.includes(target)) return problem(path, `${name} does not lead to ${target}`);
		return mappingProblems(value, path, { ...scope, collection: target, joined: true });
	}

	if (target !== undefined) return problem(path, `${name} leads to one collection, which is not named`);
	if (relation?.type === 'one' && isNested(value)) {
		return mappingProblems(value, path, { ...scope, collection: relation.collection, joined: true });
	}

	if (field.alias) return problem(path, `${name} holds no value to compare with`);
	return conditionProblems(value, path, scope, { name, field });
}

/** Whether fields of the item behind a relation are named, and not only its key compared. */
function isNested(value: unknown): boolean {
	if (!isMapping(value)) return false;

	return Object.entries(value).some(([key, part]) =>
		isLogical(key) && Array.isArray(part) ? part.some(isNested) : !key.startsWith('_'),
	);
}

function listProblems(value: unknown, path: string, collection: string, scope: Scope): Problem[] {
	const wanted = `is a list: use _some, _none or a field of ${collection}`;
	if (!isMapping(value)) return problem(path, wanted);

	const entries = Object.entries(value);
	if (entries.length === 0) return problem(path, EMPTY);
	if (scope.single && entries.length > 1) return problem(path, SINGLE);

	return entries.flatMap(([key, part]) => {
		const place = `${path}.${key}`;
		if (key !== '_some' && key !== '_none') {
			if (key.startsWith('_') && !isLogical(key))
				return problem(place, `${key} cannot stand here: ${path.split('.').at(-1)} ${wanted}`);
			return mappingProblems({ [key]: part }, path, { ...scope, collection, joined: true });
		}

		if (scope.joined) {
			return problem(
				place,
				`Directus refuses ${key} behind another relation; leave it out and name the fields behind the list`,
			);
		}

		// Within, the database is asked for the list's own collection.
		return mappingProblems(part, place, { ...scope, collection, joined: false, single: true });
	});
}

interface Compared {
	name: string;
	field: Field;
}

function conditionProblems(value: unknown, path: string, scope: Scope, compared: Compared): Problem[] {
	if (!isMapping(value)) {
		return problem(path, `${JSON.stringify(value)} is no condition; say { _eq: ${JSON.stringify(value)} }`);
	}

	const entries = Object.entries(value);
	if (entries.length === 0) return problem(path, EMPTY);
	if (scope.single && entries.length > 1) return problem(path, SINGLE);

	return entries.flatMap(([key, part]) => {
		const place = `${path}.${key}`;
		if (!isLogical(key)) return operatorProblems(key, part, place, scope, compared);

		return logicalProblems(part, place, scope, (one, at) => conditionProblems(one, at, scope, compared));
	});
}

function operatorProblems(
	operator: string,
	value: unknown,
	path: string,
	{ names, collection, of }: Scope,
	{ name, field }: Compared,
): Problem[] {
	if (!operator.startsWith('_')) return problem(path, `there is no field "${operator}" behind ${collection}.${name}`);
	if (!isKnownOperator(operator)) return problem(path, `there is no operator ${operator}`);

	const type = field.special.includes('conceal') ? 'hash' : field.type;
	const possible = [...operatorsFor(type), ...(of === 'payload' ? PAYLOAD_OPERATORS : [])];
	if (!possible.includes(operator)) return problem(path, `${operator} cannot be used with a field of type ${type}`);

	if (/^_(n?null|n?empty|submitted|required)$/.test(operator)) {
		return typeof value === 'boolean' ? [] : problem(path, `${JSON.stringify(value)} is not true or false`);
	}

	if (operator.includes('intersects')) return [];
	const check = (one: unknown, list: boolean) => valueProblem(names, one, { collection, name, field, list });
	if (!/^_n?(in|between)$/.test(operator)) return told(path, check(value, false));

	// One variable that is a list by itself.
	if (typeof value === 'string' && value.startsWith('$')) return told(path, check(value, true));
	if (!Array.isArray(value) || value.length === 0) return problem(path, `${operator} needs a list of values`);
	if (operator.endsWith('between') && value.length !== 2) return problem(path, `${operator} needs two values`);
	return value.flatMap((one, index) => told(`${path}[${index}]`, check(one, true)));
}

function told(path: string, message: string | null): Problem[] {
	return message === null ? [] : problem(path, message);
}
