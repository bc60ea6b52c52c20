import type { SchemaOverview, Type } from '@directus/types';
import { getFilterOperatorsForType } from '@directus/utils';
import { invalidQuery, isOfAdministrators, listNamed, readStep, type Step } from './query-path.js';

/** What the filters and sorts of one statement go through. */
export interface Joined {
	/** paths of relations, each of which Directus joins once */
	paths: Set<string>;
	lists: Set<string>;
	/** relations by which each item is joined with most others: the entries of an entry's event, all entries of a tracker's organisation */
	backs: Set<string>;
	depth: number;
	conditions: number;
	/** those of them that are about items of lists */
	subqueries: number;
	values: number;
}

export interface Reading {
	schema: SchemaOverview;
	isAdministrator: boolean;
	/** by collection, the fields that `*` stands for; of one that is missing all */
	readable?: ReadonlyMap<string, ReadonlySet<string>>;
}

export const nothingJoined = (): Joined => ({
	paths: new Set(),
	lists: new Set(),
	backs: new Set(),
	depth: 0,
	conditions: 0,
	subqueries: 0,
	values: 0,
});

type Part = Record<string, unknown>;

const TYPES: Type[] = ['string', 'integer', 'dateTime', 'geometry'];
/** Directus holds the type of the field against them; what is none it would pass over. */
const OPERATORS = new Set(TYPES.flatMap((type) => getFilterOperatorsForType(type)).map((operator) => `_${operator}`));

const OF_LISTS = new Set(['_in', '_nin', '_between', '_nbetween']);

/** Operators that fold case: Directus would fail on what is no text. */
const FOLDS_CASE = /^_n?i(?:contains|starts_with|ends_with)$/;

const isPart = (value: unknown): value is Part =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const byGuard = new WeakSet<object>();

/** Marks a filter that the read guard gives back: where a query comes by a second time, it is what the server adds and not what is asked. */
export function addedByGuard<Given extends object>(filter: Given): Given {
	byGuard.add(filter);
	return filter;
}

/** The same filter with lists by their names, where they were asked for from behind. */
export function withListsNamed(schema: SchemaOverview, filter: unknown): unknown {
	if (Array.isArray(filter)) return filter.map((part) => withListsNamed(schema, part));
	if (!isPart(filter) || byGuard.has(filter)) return filter;
	return Object.fromEntries(
		Object.entries(filter).map(([name, part]) => [listNamed(schema, name), withListsNamed(schema, part)]),
	);
}

/** Reads a filter completely. @throws 400 for what is not understood. @throws 403 for a field that does not exist. */
export function readFilter(reading: Reading, collection: string, filter: unknown, joined: Joined): void {
	readPart(reading, collection, [], filter, joined);
}

/** @param path of relations from the items of the query to those that this part is about */
function readPart(reading: Reading, collection: string, path: Step[], filter: unknown, joined: Joined): void {
	if (typeof filter === 'object' && filter !== null && byGuard.has(filter)) return;
	if (!isPart(filter)) throw invalidQuery('a filter takes objects of fields and operators');

	for (const [name, condition] of Object.entries(filter)) {
		if (name === '_and' || name === '_or') {
			if (!Array.isArray(condition)) throw invalidQuery(`"${name}" takes a list of filters`);
			condition.forEach((part) => readPart(reading, collection, path, part, joined));
		} else if (name === '_some' || name === '_none') {
			readPart(reading, collection, path, condition, joined);
		} else if (name.startsWith('_')) {
			throw invalidQuery(`"${name}" needs a field to compare`);
		} else {
			readField(reading, collection, path, name, condition, joined);
		}
	}
}

function readField(
	reading: Reading,
	collection: string,
	path: Step[],
	name: string,
	condition: unknown,
	joined: Joined,
): void {
	if (reading.isAdministrator && isOfAdministrators(reading.schema, collection, name)) return;

	const step = readStep(reading.schema, collection, name);
	const entries = isPart(condition) ? Object.entries(condition) : [['_eq', condition] as const];
	const operators = entries.filter(([key]) => key.startsWith('_') && !GROUPS.includes(key));
	for (const [operator, value] of operators) readComparison(step, operator, value, joined);
	if ([...path, step].some(({ isList }) => isList)) joined.subqueries += operators.length;

	const nested = entries.filter((entry) => !operators.includes(entry as never));
	if (step.isList && step.function === null) join(step, path, joined);
	if (nested.length === 0) return;

	if (step.to === null || step.function !== null) throw invalidQuery(`"${name}" leads to no other items`);
	join(step, path, joined);
	readPart(reading, step.to, [...path, step], Object.fromEntries(nested), joined);
}

const GROUPS = ['_and', '_or', '_some', '_none'];

function readComparison({ field }: Step, operator: string, value: unknown, joined: Joined): void {
	const isShape = operator.includes('intersects');
	if (!OPERATORS.has(operator) || (isPart(value) && !isShape))
		throw invalidQuery(`"${operator}" cannot compare "${field}"`);
	if (OF_LISTS.has(operator) && !Array.isArray(value)) throw invalidQuery(`"${operator}" on "${field}" takes a list`);
	if (operator.endsWith('between') && (value as unknown[]).length !== 2) {
		throw invalidQuery(`"${operator}" on "${field}" takes two values`);
	}
	if (FOLDS_CASE.test(operator) && typeof value !== 'string')
		throw invalidQuery(`"${operator}" on "${field}" takes text`);
	if (value instanceof Date && Number.isNaN(value.getTime())) throw invalidQuery(`"${field}": there is no such date`);
	joined.conditions += 1;
	joined.values += Array.isArray(value) ? value.length : 1;
}

/** Notes that the statement joins this relation. @param path of relations before it */
export function join({ from, field, isList, to }: Step, path: Step[], joined: Joined): void {
	const whole = [...path.map((step) => step.field), field].join('.');
	joined.paths.add(whole);
	if (isList) joined.lists.add(whole);
	const isBack = from !== to && path.some((step) => step.from === to);
	const isListOfLists = isList && path.at(-1)?.isList === true && path.some((step) => !step.isList);
	if (isBack || isListOfLists) joined.backs.add(whole);
	joined.depth = Math.max(joined.depth, path.length + 1);
}

/** Lists that are not inside one another: the rows of each are joined with those of all others. */
export const sideBySide = ({ lists }: Joined): number =>
	[...lists].filter((list) => ![...lists].some((other) => other.startsWith(`${list}.`))).length;
