import { defineHook } from '@directus/extensions-sdk';
import type { Application, Request, RequestHandler } from 'express';
import { checkDeep } from './raw-deep.js';
import { requestQueue } from './request-queue.js';

/**
 * Limits requests before rights are looked at: a few at a time of one caller, and no `deep` that Directus cannot read.
 * The limits of a query (query-size.ts) the read guard holds against each, whichever API it came by.
 */
export default defineHook(({ init }, { env }) => {
	init('middlewares.before', ({ app }) => {
		(app as Application).use(requestQueue(String(env['SESSION_COOKIE_NAME'])));
		(app as Application).use(readable(({ query }) => query['deep']));
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
