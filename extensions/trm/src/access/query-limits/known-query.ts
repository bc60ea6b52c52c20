import type { Accountability, Query, SchemaOverview } from '@directus/types';
import { contentTooLarge } from '../../lib/errors.js';
import { excessOf, MEMBER_LIMITS, PUBLIC_LIMITS } from './query-size.js';
import { checkShape } from './request-shape.js';
import { readQuery, type KnownQuery, type RowLimits } from './read-query.js';

/** Who asks, and how many items there are to an answer. */
export interface Asking {
	schema: SchemaOverview | null;
	accountability: Accountability | null;
	rows(): Promise<RowLimits>;
	/** the fields of a collection that the caller may read on some item; undefined for all */
	readable(collection: string): Promise<ReadonlySet<string> | undefined>;
}

/**
 * The query of a caller, read completely and within the limits. Administrators have no limits.
 * @returns undefined where there is nobody to hold it against: the server's own queries, and a collection that does not exist, which Directus refuses.
 * @throws 400 for what is not understood. @throws 403 for a field that does not exist. @throws 413 for a query that asks for too much.
 */
export async function knownQuery(asking: Asking, collection: string, query: Query): Promise<KnownQuery | undefined> {
	const { schema, accountability } = asking;
	if (accountability === null || schema === null || !Object.hasOwn(schema.collections, collection)) return undefined;

	checkShape(query);
	const rows = await asking.rows();
	const isAdministrator = accountability.admin === true;
	// The holder of a share has no user either.
	const limits = accountability.user === null ? PUBLIC_LIMITS : MEMBER_LIMITS;
	const known = readQuery({ schema, isAdministrator }, collection, query, rows);
	if (isAdministrator || excessOf(known.size, limits) === undefined) return known;

	// `*` was taken for all fields. What the caller may read of them may be within the limits.
	const readable = new Map<string, ReadonlySet<string>>();
	for (const starred of known.starred) {
		const fields = await asking.readable(starred);
		if (fields !== undefined) readable.set(starred, fields);
	}

	const excess = excessOf(readQuery({ schema, isAdministrator, readable }, collection, query, rows).size, limits);
	if (excess !== undefined) throw contentTooLarge(excess);
	return known;
}
