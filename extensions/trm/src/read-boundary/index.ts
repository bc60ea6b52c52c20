import { defineHook } from '@directus/extensions-sdk';
import type { EventContext, Query } from '@directus/types';
import type { Application, RequestHandler } from 'express';
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
		const counted = (collectionOf: (request: DirectusRequest) => string): RequestHandler =>
			route(async (request, _response, next) => {
				const { accountability = null, schema, sanitizedQuery } = request as Counting;
				const query = sanitizedQuery?.meta
					? await guardQuery({ database, schema, accountability }, collectionOf(request), sanitizedQuery)
					: sanitizedQuery;
				Object.assign(request, { sanitizedQuery: query });
				next();
			});

		const express = app as Application;
		express.get(
			'/items/:collection',
			counted(({ params }) => String(params['collection'])),
		);
		express.get(
			'/users',
			counted(() => 'directus_users'),
		);
		express.search(['/items/:collection', '/users'], withoutMeta);
	});
});

type Counting = DirectusRequest & { sanitizedQuery?: Query & { meta?: unknown } };

/** Of a query in the body Directus makes up its mind too late. */
const withoutMeta: RequestHandler = (request, _response, next) => {
	const { accountability, body } = request as unknown as DirectusRequest & { body?: { query?: { meta?: unknown } } };
	if (accountability?.admin !== true && body?.query) delete body.query.meta;
	next();
};
