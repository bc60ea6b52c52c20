import { defineHook } from '@directus/extensions-sdk';
import type { EventContext, Query } from '@directus/types';
import type { Application } from 'express';
import { isBelow, segmentsOf } from '../shared/request-path.js';
import { route, type DirectusRequest } from '../shared/route.js';
import { guardQuery } from './guard-query.js';

/**
 * What Directus's permission engine leaves open: it looks at the rights on a field for what is returned, but whoever may read
 * the field on any row may filter, sort, search, group and aggregate by it on all rows that he sees, and on those behind them.
 * Without this hook everybody could guess what he may not read, letter by letter.
 */
export default defineHook(({ filter, init }, { database }) => {
	const guard = (payload: unknown, { collection }: Record<string, unknown>, context: EventContext) =>
		guardQuery(context, String(collection), payload as Query);

	filter('items.query', guard);
	filter('users.query', guard);

	// What `meta` counts goes past the filters above.
	init('routes.before', ({ app }) => {
		(app as Application).use(
			route(async (request, _response, next) => {
				const counting = request as Counting;
				const collection = collectionOf(segmentsOf(request));
				const { accountability = null, schema, sanitizedQuery, method, body } = counting;

				if (collection !== undefined && sanitizedQuery?.meta) {
					counting.sanitizedQuery = await guardQuery({ database, schema, accountability }, collection, sanitizedQuery);
				}
				// Of a query in the body Directus makes up its mind too late.
				if (method === 'SEARCH' && accountability?.admin !== true && body?.query) delete body.query.meta;
				next();
			}),
		);
	});
});

interface Counting extends DirectusRequest {
	sanitizedQuery?: Query & { meta?: unknown };
	body: { query?: { meta?: unknown } } | undefined;
}

/** Of the collections whose rights differ from row to row. */
function collectionOf(segments: string[]): string | undefined {
	if (isBelow(segments, 'users')) return 'directus_users';
	return isBelow(segments, 'items') ? segments[1] : undefined;
}
