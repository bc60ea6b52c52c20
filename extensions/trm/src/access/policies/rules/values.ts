import { isUuid } from '../../../lib/uuid.js';
import { fieldOf, relationOf, type Field, type Names } from './schema-names.js';

const UNITS =
	'milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?|mth|mo|years?|yrs?|y';
const NOW = new RegExp(String.raw`^\$NOW(\([+-]?\d*\.?\d+ *(${UNITS})?\))?$`, 'i');
const CURRENT = /^\$CURRENT_(USER|ROLE|ROLES|POLICIES)(?:\.(.+))?$/;

const COLLECTION_OF = {
	USER: 'directus_users',
	ROLE: 'directus_roles',
	ROLES: 'directus_roles',
	POLICIES: 'directus_policies',
} as const;

export interface Expected {
	words: string;
	fits: (value: unknown) => boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** What YAML must give for a field's type; null where any value may do. */
export function expectedFor(type: Field['type']): Expected | null {
	switch (type) {
		case 'string':
		case 'text':
		case 'hash':
			return { words: 'text; put it in quotes', fits: isText };
		case 'uuid':
			return { words: 'a UUID', fits: isUuid };
		case 'boolean':
			return { words: 'true or false', fits: (value) => typeof value === 'boolean' };
		case 'integer':
		case 'bigInteger':
			return { words: 'a whole number', fits: Number.isSafeInteger };
		case 'float':
		case 'decimal':
			return { words: 'a number', fits: Number.isFinite };
		case 'json':
			return { words: 'a list or a mapping', fits: (value) => typeof value === 'object' };
		case 'date':
		case 'dateTime':
		case 'timestamp':
			return { words: 'a time', fits: (value) => isText(value) && !Number.isNaN(Date.parse(value)) };
		default:
			return null;
	}
}

interface Place {
	collection: string;
	name: string;
	field: Pick<Field, 'type' | 'nullable'>;
	/** Whether a variable that is a list may stand here. */
	list?: boolean;
}

/** @returns what is wrong with a value in a filter or preset; null when it can be compared with, or written to, the field. */
export function valueProblem(
	names: Names,
	value: unknown,
	{ collection, name, field, list = false }: Place,
): string | null {
	if (value === null) return null;
	if (isText(value) && value.startsWith('$')) return variableProblem(names, value, field.type, list);

	const expected = expectedFor(field.type);
	if (expected !== null && !expected.fits(value)) return `${JSON.stringify(value)} is not ${expected.words}`;

	const choices = names.choices.get(`${collection}.${name}`);
	if (choices === undefined || choices.includes(value)) return null;
	return `${JSON.stringify(value)} is none of the values of ${collection}.${name}: ${choices.join(', ')}`;
}

function variableProblem(names: Names, value: string, type: Field['type'], list: boolean): string | null {
	if (NOW.test(value)) {
		if (['date', 'dateTime', 'timestamp', 'time'].includes(type)) return null;
		return `${value} is a time, and the field is of type ${type}`;
	}

	const [, kind, path] = CURRENT.exec(value) ?? [];
	if (kind === undefined) return `there is no variable ${JSON.stringify(value)}`;
	if (path !== undefined) return pathProblem(names, COLLECTION_OF[kind as 'USER'], path);

	const isList = kind === 'ROLES' || kind === 'POLICIES';
	if (isList && !list) return `${value} is a list: use _in or _nin`;
	return type === 'uuid' || type === 'string' ? null : `${value} is a UUID, and the field is of type ${type}`;
}

/** Of what stands after the dot: `$CURRENT_USER.role.name`. */
function pathProblem(names: Names, start: string, path: string): string | null {
	let collection: string | null = start;

	for (const step of path.split('.')) {
		if (collection === null || fieldOf(names, collection, step) === undefined) {
			return `there is no field ${JSON.stringify(step)} in ${collection ?? 'what is before it'}`;
		}

		const relation = relationOf(names, collection, step);
		collection = relation !== null && 'collection' in relation ? relation.collection : null;
	}

	return null;
}
