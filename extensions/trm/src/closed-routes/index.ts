import { defineHook } from '@directus/extensions-sdk';
import type { Application, RequestHandler } from 'express';
import { forbidden } from '../shared/errors.js';
import type { DirectusRequest } from '../shared/route.js';
import { CLOSED_ROUTES } from './closed-routes.js';

/** Routes of Directus that look at no row's rights, or that cost much and need none: for administrators alone. */
export default defineHook(({ init }) => {
	// After Directus has made out who calls, before any of its routes.
	init('routes.before', ({ app }) => {
		const express = app as Application;
		for (const { path, reason } of CLOSED_ROUTES) express.all(path, administratorsOnly(reason));
		express.patch('*', keysOnly);
		express.delete('*', keysOnly);
	});
});

/** Directus finds the rows of a change or deletion by query without anybody's rights: the answer would tell what the query matched. */
const keysOnly: RequestHandler = (request, response, next) => {
	const body: unknown = request.body;
	const byQuery = typeof body === 'object' && body !== null && 'query' in body;
	if (byQuery)
		administratorsOnly('Name the rows by "keys": only administrators may by "query".')(request, response, next);
	else next();
};

function administratorsOnly(reason: string): RequestHandler {
	return (request, _response, next) => {
		next((request as unknown as DirectusRequest).accountability?.admin === true ? undefined : forbidden(reason));
	};
}
