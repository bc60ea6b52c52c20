import { InvalidQueryError } from '@directus/errors';
import type { Relation, SchemaOverview, Type } from '@directus/types';
import { getFunctionsForType } from '@directus/utils';
import { forbidden } from '../../lib/errors.js';
import { manyToOne, relatedTo } from '../references.js';

/** One part of a path: `organization`, `entries`, `year(start_date)`. */
export interface Step {
	/** the collection that has it */
	from: string;
	field: string;
	type: Type;
	/** the function around the field, or null */
	function: string | null;
	/** the collection that the field leads to, or null */
	to: string | null;
	/** leads to a list of its items */
	isList: boolean;
}

/** `field`, or `function(field)`. Functions of several arguments and collection scopes (`field:collection`) are not understood. */
const PART = /^(?:(?<name>\w+)\((?<argument>\w+)\)|(?<field>\w+))$/;

/** What else Directus knows, which no collection of ours needs: administrators may have made one that does. */
const JSON_VALUE = /^json\((?<field>\w+)(?:\.\w+)*,[^()]*\)$/;
const SCOPED = /^(?<field>\w+):(?<scope>\w+)$/;
/** The admin app asks by it for items that are not linked yet: a relation from behind, also where the items have a field for it. */
const FOLLOWED = /^\$FOLLOW\((?<collection>\w+),(?<field>\w+)(?:,\w+)?\)$/;

/** @returns 400 INVALID_QUERY; `reason` says what is wrong and what to do instead. */
export const invalidQuery = (reason: string): Error => new InvalidQueryError({ reason });

/**
 * Reads one part of a path completely.
 * @throws 400 for a part that is not understood. @throws 403 for a field that does not exist, in Directus's words.
 */
export function readStep(schema: SchemaOverview, collection: string, part: string): Step {
	const { name, argument, field = argument } = PART.exec(part)?.groups ?? {};
	if (field === undefined) throw invalidQuery(`"${part}" names no field, and no function of one`);

	const overview = fieldOf(schema, collection, field);
	if (name !== undefined && !getFunctionsForType(overview.type).includes(name as never)) {
		throw invalidQuery(`"${name}" is no function of the field "${field}"`);
	}

	const to = relatedTo(schema, collection, field) ?? null;
	const isList = to !== null && manyToOne(schema, collection, field) === undefined;
	return { from: collection, field, type: overview.type, function: name ?? null, to, isList };
}

/** Whether this is a spelling that only administrators may use: a path into a JSON document, a collection of a many-to-any, a relation from behind. */
export function isOfAdministrators(schema: SchemaOverview, collection: string, part: string): boolean {
	const json = JSON_VALUE.exec(part)?.groups?.['field'];
	if (json !== undefined) return fieldOf(schema, collection, json).type === 'json';

	const followed = FOLLOWED.exec(part)?.groups ?? {};
	if (followed['collection'] && followed['field']) {
		return manyToOne(schema, followed['collection'], followed['field']) !== undefined;
	}

	const { field, scope } = SCOPED.exec(part)?.groups ?? {};
	const relation = field === undefined ? undefined : manyToOne(schema, collection, field);
	return scope !== undefined && allowedCollections(relation).includes(scope);
}

/** The name of the list that a relation from behind leads to: `users` for `$FOLLOW(organization_users,organization)`; what is none stays. */
export function listNamed(schema: SchemaOverview, part: string): string {
	const { collection = '', field = '' } = FOLLOWED.exec(part)?.groups ?? {};
	return manyToOne(schema, collection, field)?.meta?.one_field ?? part;
}

const allowedCollections = (relation: Relation | undefined) => relation?.meta?.one_allowed_collections ?? [];

function fieldOf({ collections }: SchemaOverview, collection: string, field: string) {
	const fields = collections[collection]?.fields ?? {};
	const overview = Object.hasOwn(fields, field) ? fields[field] : undefined;
	if (overview !== undefined) return overview;
	throw forbidden(
		`You don't have permission to access field "${field}" in collection "${collection}" or it does not exist.`,
	);
}
