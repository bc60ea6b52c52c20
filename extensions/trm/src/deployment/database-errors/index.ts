import { defineHook } from '@directus/extensions-sdk';
import type { Application, NextFunction, Request, Response } from 'express';
import { translateError } from './translate-error.js';

/** Answers what the database or the body parser refuses with the 4xx it is, and with what to do about it. */
export default defineHook(({ init, filter }) => {
	// What is created or changed, through REST and GraphQL alike.
	filter('database.error', (error) => translateError(error));

	// The rest, after every route and before Directus's own error handler: Directus does not ask the filter about
	// deletions, nor about statements of our own.
	init('routes.custom.after', ({ app }) => {
		(app as Application).use((error: unknown, _request: Request, _response: Response, next: NextFunction) =>
			next(translateError(error)),
		);
	});
});
