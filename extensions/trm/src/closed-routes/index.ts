import { defineHook } from '@directus/extensions-sdk';
import type { Application, RequestHandler } from 'express';
import { forbidden } from '../shared/errors.js';
import type { DirectusRequest } from '../shared/route.js';
import { CLOSED_ROUTES } from './closed-routes.js';

/** Routes of Directus that look at no row's rights, or that cost much and need none: for administrators alone. */
export default defineHook(({ init }) => {
	// After Directus has made out who calls, before any of its routes.
	init('routes.before', ({ app }) => {
		for (const { path, reason } of CLOSED_ROUTES) (app as Application).all(path, administratorsOnly(reason));
	});
});

function administratorsOnly(reason: string): RequestHandler {
	return (request, _response, next) => {
		next((request as unknown as DirectusRequest).accountability?.admin === true ? undefined : forbidden(reason));
	};
}
