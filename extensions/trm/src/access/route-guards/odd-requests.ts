import type { SchemaOverview } from '@directus/types';
import type { Request } from 'express';
import { forbidden, invalidPayload } from '../../lib/errors.js';
import { isBelow } from '../../lib/request-path.js';

/** What Directus would stumble over: what was sent, and the parts of its path. */
export interface Sent {
	method: string;
	segments: string[];
	query: Request['query'];
	body: unknown;
}

/** The routes that go on with the name of a collection. */
const OF_A_COLLECTION = [
	['items'],
	['collections'],
	['fields'],
	['relations'],
	['utils', 'sort'],
	['utils', 'import'],
	['utils', 'export'],
];

/** @returns the refusal of a request that Directus takes for something else than it is, and then fails on; undefined for others. */
export function oddness(sent: Sent, collections: SchemaOverview['collections']): Error | Error[] | undefined {
	const name = inheritedName(sent.segments, collections);
	// Directus's words for a collection that there is none of.
	if (name !== undefined) {
		return forbidden(`You don't have permission to access collection "${name}" or it does not exist. Queried in root.`);
	}

	if (hasOddRows(sent)) return invalidPayload([{ path: '', message: 'something in the list is no row and no key' }]);

	const path = isBelow(sent.segments, 'graphql') ? oddText(sent) : undefined;
	return path === undefined ? undefined : invalidPayload([{ path, message: 'is no text' }]);
}

/** Directus looks for a collection with `in`, and so finds what every object has: "constructor", "toString". */
function inheritedName(segments: string[], collections: SchemaOverview['collections']): string | undefined {
	const route = OF_A_COLLECTION.find((parts) => isBelow(segments, ...parts));
	const name = route === undefined ? undefined : segments[route.length];
	return name !== undefined && name in collections && !Object.hasOwn(collections, name) ? name : undefined;
}

/** Directus takes a list of rows, or of keys, for what it should be. */
function hasOddRows({ method, body }: Sent): boolean {
	if (!Array.isArray(body)) return false;
	if (method === 'DELETE') return body.some((key) => !['string', 'number'].includes(typeof key));
	return ['POST', 'PATCH'].includes(method) && body.some((row) => typeof row !== 'object' || row === null);
}

/** @returns which of the texts of a GraphQL request is none. */
function oddText({ method, query, body }: Sent): string | undefined {
	const given = (method === 'GET' ? query : body) as Record<string, unknown> | null | undefined;
	return ['query', 'operationName'].find(
		(name) => !['string', 'undefined'].includes(typeof (given?.[name] ?? undefined)),
	);
}
