import type { Accountability, Query, SchemaOverview } from '@directus/types';
import { contentTooLarge } from '../shared/errors.js';
import { excessOf, MEMBER_LIMITS, PUBLIC_LIMITS } from './query-size.js';
import { readQuery, type KnownQuery, type RowLimits } from './read-query.js';

/** Who asks. */
interface Asking {
	schema: SchemaOverview | null;
	accountability: Accountability | null;
}

/**
 * The query of a caller, read completely and within the limits. Administrators have no limits.
 * @returns undefined where there is nobody to hold it against: the server's own queries, and a collection that does not exist, which Directus refuses.
 * @throws 400 for what is not understood. @throws 403 for a field that does not exist. @throws 413 for a query that asks for too much.
 */
export function knownQuery(
	{ schema, accountability }: Asking,
	collection: string,
	query: Query,
	rows: RowLimits,
): KnownQuery | undefined {
	if (accountability === null || schema === null || !Object.hasOwn(schema.collections, collection)) return undefined;

	const known = readQuery({ schema, isAdministrator: accountability.admin === true }, collection, query, rows);
	// Whoever holds a share has no user either.
	const excess = excessOf(known.size, accountability.user === null ? PUBLIC_LIMITS : MEMBER_LIMITS);
	if (accountability.admin !== true && excess !== undefined) throw contentTooLarge(excess);
	return known;
}
