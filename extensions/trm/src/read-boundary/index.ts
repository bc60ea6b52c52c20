import { defineHook } from '@directus/extensions-sdk';
import type { EventContext, Query, SchemaOverview } from '@directus/types';
import type { Application } from 'express';
import { collectionSizes } from '../query-limits/collection-sizes.js';
import type { RowLimits } from '../query-limits/read-query.js';
import { segmentsOf } from '../shared/request-path.js';
import { route, type DirectusRequest } from '../shared/route.js';
import { renameCounts } from './counted-once.js';
import { checkQuery, guardQuery } from './guard-query.js';

/**
 * What Directus's permission engine leaves open: it looks at the rights on a field for what is returned, but whoever may read
 * the field on any row may filter, sort, search, group and aggregate by it on all rows that he sees, and on those behind them.
 * Without this hook everybody could guess what he may not read, letter by letter.
 */
export default defineHook(({ filter, init }, { database, env }) => {
	const sizes = collectionSizes(database);
	const most = Number(env['QUERY_LIMIT_MAX'] ?? -1);
	// Below 0, as Directus takes it: no limit.
	const limits = { usual: Number(env['QUERY_LIMIT_DEFAULT']), most: most < 0 ? Infinity : most };
	const rowLimits = async (): Promise<RowLimits> => ({ ...limits, has: await sizes() });

	const guard = (payload: unknown, { collection }: Record<string, unknown>, context: EventContext) =>
		guardQuery(context, String(collection), payload as Query, rowLimits);

	const answer = (rows: unknown, { query }: Record<string, unknown>) => renameCounts(rows, query as Query | undefined);

	// Of Directus's own collections too: from a role lead the same paths to all users.
	filter('*.query', guard);
	filter('*.read', answer);

	// What `meta` counts goes past the filters above.
	init('routes.before', ({ app }) => {
		(app as Application).use(
			route(async (request, _response, next) => {
				const counting = request as Counting;
				const { accountability = null, schema, sanitizedQuery, method, body } = counting;
				const collection = collectionOf(segmentsOf(request), schema);
				const context = { database, schema, accountability };

				if (collection !== undefined && sanitizedQuery?.meta) {
					counting.sanitizedQuery = await guardQuery(context, collection, sanitizedQuery, rowLimits);
				} else if (collection !== undefined && sanitizedQuery !== undefined && !isRead(method)) {
					// Before the write: its answer is read by this query when all is done.
					await checkQuery(context, collection, sanitizedQuery, rowLimits);
				}
				// Of a query in the body Directus makes up its mind too late.
				if (method === 'SEARCH' && accountability?.admin !== true && body?.query) delete body.query.meta;
				next();
			}),
		);
	});
});

const isRead = (method: string) => ['GET', 'HEAD', 'SEARCH', 'OPTIONS'].includes(method);

interface Counting extends DirectusRequest {
	sanitizedQuery?: Query & { meta?: unknown };
	body: { query?: { meta?: unknown } } | undefined;
}

/** The collection that a path of Directus's API is about: `/items/events`, `/users`. */
function collectionOf([first = '', second]: string[], { collections }: SchemaOverview): string | undefined {
	const name = first.toLowerCase() === 'items' ? second : `directus_${first.toLowerCase()}`;
	return name !== undefined && Object.hasOwn(collections, name) ? name : undefined;
}
