import { defineHook } from '@directus/extensions-sdk';
import type { ApiExtensionContext, EventContext, Query, SchemaOverview } from '@directus/types';
import type { Application } from 'express';
import { collectionSizes } from '../query-limits/collection-sizes.js';
import type { RowLimits } from '../query-limits/read-query.js';
import { segmentsOf } from '../../lib/request-path.js';
import { route, type DirectusRequest } from '../../lib/route.js';
import { isRead } from '../request-memory.js';
import { renameCounts } from './counted-once.js';
import { checkQuery, guardQuery } from './guard-query.js';
import type { ReadContext } from './readable-rows.js';
import { searchByNames, type LookUp } from './search-names.js';

type Services = ApiExtensionContext['services'];

/** Rows of one name that a search goes on with: fewer than a query may name. */
const MOST_NAMED = { public: 100, members: 1_000 };

/**
 * What Directus's permission engine leaves open: it looks at the rights on a field for what is returned, but whoever may read
 * the field on any row may filter, sort, search, group and aggregate by it on all rows that he sees, and on those behind them.
 * Without this hook everybody could guess what he may not read, letter by letter.
 */
export default defineHook(({ filter, init }, { database, env, services }) => {
	const sizes = collectionSizes(database);
	const most = Number(env['QUERY_LIMIT_MAX'] ?? -1);
	// Below 0, as Directus takes it: no limit.
	const limits = { usual: Number(env['QUERY_LIMIT_DEFAULT']), most: most < 0 ? Infinity : most };
	const rowLimits = async (): Promise<RowLimits> => ({ ...limits, has: await sizes() });

	const guardSearch = async (context: ReadContext, collection: string, query: Query) => {
		const named =
			context.accountability === null ? query : await searchByNames(collection, query, lookUpBy(context, services));
		return guardQuery(context, collection, named, rowLimits);
	};

	const guard = (payload: unknown, { collection }: Record<string, unknown>, context: EventContext) =>
		guardSearch(context, String(collection), payload as Query);

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
					counting.sanitizedQuery = await guardSearch(context, collection, sanitizedQuery);
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

/** By the caller's own rights; nothing where he has none. */
function lookUpBy({ database, schema, accountability }: ReadContext, services: Services): LookUp {
	const limit = accountability?.user ? MOST_NAMED.members : MOST_NAMED.public;

	return async ({ collection, key }, filter) => {
		const service = new services.ItemsService(collection, {
			knex: database,
			schema: schema as SchemaOverview,
			accountability,
		});
		const rows = await service.readByQuery({ fields: [key], filter, limit }).catch((error: { status?: number }) => {
			if (error.status === 403) return [];
			throw error;
		});
		return rows.map((row: Record<string, unknown>) => row[key]);
	};
}

interface Counting extends DirectusRequest {
	sanitizedQuery?: Query & { meta?: unknown };
	body: { query?: { meta?: unknown } } | undefined;
}

/** The collection that a path of Directus's API is about: `/items/events`, `/users`. */
function collectionOf([first = '', second]: string[], { collections }: SchemaOverview): string | undefined {
	const name = first.toLowerCase() === 'items' ? second : `directus_${first.toLowerCase()}`;
	return name !== undefined && Object.hasOwn(collections, name) ? name : undefined;
}
