import { defineHook } from '@directus/extensions-sdk';
import type { Application, Request, RequestHandler } from 'express';
import { isBelow, segmentsOf } from '../../lib/request-path.js';
import { checkDeep } from './raw-deep.js';
import { limitBody } from './request-body.js';
import { requestQueue } from './request-queue.js';
import { checkShape } from './request-shape.js';
import { tokenOf } from './request-token.js';

/**
 * Limits requests before rights are looked at: a few at a time of one caller, and no `deep` that Directus cannot read.
 * The limits of a query (query-size.ts) the read guard holds against each, whichever API it came by.
 */
export default defineHook(({ init, filter }, { env }) => {
	const cookie = String(env['SESSION_COOKIE_NAME']);

	init('middlewares.before', ({ app }) => {
		(app as Application).use(requestQueue(cookie, String(env['SECRET'])));
		(app as Application).use(limitBody((request) => tokenOf(request, cookie) !== undefined));
		(app as Application).use(readable(({ query }) => query['deep']));
	});

	// Between the parser of bodies and the first look at a query.
	filter('authenticate', (accountability, { req }) => {
		const { method, query, body } = req as Request;
		checkShape(query);
		if (method === 'SEARCH') checkShape(body?.query);
		if (isBelow(segmentsOf(req as Request), 'graphql')) checkShape(body?.variables);
		return accountability;
	});

	// The query of a SEARCH comes in its body.
	init('routes.before', ({ app }) => {
		(app as Application).use(readable(({ method, body }) => (method === 'SEARCH' ? body?.query?.deep : undefined)));
	});
});

const readable =
	(deepOf: (request: Request) => unknown): RequestHandler =>
	(request, _response, next) => {
		try {
			checkDeep(deepOf(request));
			next();
		} catch (error) {
			next(error);
		}
	};
