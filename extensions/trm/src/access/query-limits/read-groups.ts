import type { SchemaOverview, Type } from '@directus/types';
import { forbidden } from '../../lib/errors.js';
import { invalidQuery, isOfAdministrators, readStep, type Step } from './query-path.js';
import { join, type Joined, type Reading } from './read-filter.js';

/** What orders and sums up the items of a query. */
interface Grouping {
	sort?: string[] | null;
	group?: string[] | null;
	aggregate?: Record<string, string[]> | null;
}

const NUMBERS: Type[] = ['integer', 'bigInteger', 'float', 'decimal'];
/** Postgres has no order of them, or no smallest one. */
const WITHOUT_ORDER: Type[] = ['json', 'alias', 'unknown'];
const WITHOUT_SMALLEST: Type[] = [...WITHOUT_ORDER, 'uuid', 'boolean', 'binary', 'hash'];

const isGeometry = (type: Type) => type.startsWith('geometry');

/** Which types of fields each function sums up. */
const TAKES: Record<string, (type: Type) => boolean> = {
	count: (type) => type !== 'alias',
	countAll: () => true,
	countDistinct: (type) => !WITHOUT_ORDER.includes(type),
	avg: (type) => NUMBERS.includes(type),
	avgDistinct: (type) => NUMBERS.includes(type),
	sum: (type) => NUMBERS.includes(type),
	sumDistinct: (type) => NUMBERS.includes(type),
	min: (type) => !WITHOUT_SMALLEST.includes(type) && !isGeometry(type),
	max: (type) => !WITHOUT_SMALLEST.includes(type) && !isGeometry(type),
};

/**
 * Reads sort, groupBy and aggregate completely.
 * @throws 400 for what is not understood or has no meaning. @throws 403 for a field that does not exist.
 */
export function readGrouping(reading: Reading, collection: string, asked: Grouping, joined: Joined): void {
	const { sort, group, aggregate } = asked;
	if (aggregate) readAggregate(reading.schema, collection, aggregate);
	group?.forEach((field) => readGroup(reading.schema, collection, field));
	// It would become an ORDER BY, or GROUP BY, of nothing.
	if (sort?.length === 0 || group?.length === 0) throw invalidQuery('sort and groupBy name at least one field');

	const outcomes = Object.keys(aggregate ?? {});
	for (const field of sort ?? []) {
		const name = text(field).replace(/^-/, '');
		if (name === '?' || outcomes.includes(name.split('.')[0] as string)) continue;
		if (group && !group.includes(name)) {
			throw invalidQuery(`"${name}" is neither grouped by nor aggregated: the groups cannot be sorted by it`);
		}
		if (!group) readSort(reading, collection, name, joined);
	}
}

function readAggregate(schema: SchemaOverview, collection: string, aggregate: Record<string, string[]>): void {
	if (Object.keys(aggregate).length === 0) throw invalidQuery('aggregate names no function');

	for (const [name, fields] of Object.entries(aggregate)) {
		const takes = Object.hasOwn(TAKES, name) ? TAKES[name] : undefined;
		if (takes === undefined || !Array.isArray(fields)) throw invalidQuery(`"${name}" is no function to aggregate by`);

		for (const field of fields) {
			if (text(field) === '*' && name.startsWith('count')) continue;
			requireOwn(field);
			const step = readStep(schema, collection, field);
			if (step.function !== null || !takes(step.type)) throw invalidQuery(`"${name}" takes no "${field}"`);
		}
	}
}

function readGroup(schema: SchemaOverview, collection: string, field: string): void {
	requireOwn(text(field));
	const step = readStep(schema, collection, field);
	const isOrdered = step.function === null ? !WITHOUT_ORDER.includes(step.type) : step.type !== 'alias';
	if (!isOrdered) throw invalidQuery(`"${field}" cannot be grouped by`);
}

function readSort(reading: Reading, collection: string, name: string, joined: Joined): void {
	const path: Step[] = [];
	let at: string | null = collection;

	for (const part of name.split('.')) {
		if (at === null) throw invalidQuery(`"${name}" cannot be sorted by`);
		if (reading.isAdministrator && isOfAdministrators(reading.schema, at, part)) return;

		const step = readStep(reading.schema, at, part);
		const isLast = path.length === name.split('.').length - 1;
		if (isLast && step.function === null && !step.isList && WITHOUT_ORDER.includes(step.type)) {
			throw invalidQuery(`"${name}" cannot be sorted by`);
		}
		if (step.isList || !isLast) join(step, path, joined);
		path.push(step);
		at = step.function === null ? step.to : null;
	}
}

/** Directus would look for a column with a dot in its name. */
function requireOwn(field: string): void {
	if (field.includes('.')) throw forbidden('Only fields of the items themselves can be grouped and aggregated.');
}

function text(field: unknown): string {
	if (typeof field === 'string') return field;
	throw invalidQuery('sort, groupBy and aggregate take names of fields');
}
