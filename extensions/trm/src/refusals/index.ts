import { defineHook } from '@directus/extensions-sdk';
import type { Application, NextFunction, Request, Response } from 'express';
import { translateRefusal } from './translate-refusal.js';

/** Answers what the database or the body parser refuses with the 4xx it is, and with what to do about it. */
export default defineHook(({ init }) => {
	// After every route and before Directus's own error handler. Its filter `database.error` would be the lighter place,
	// but Directus does not ask it about deletions.
	init('routes.custom.after', ({ app }) => {
		(app as Application).use((error: unknown, _request: Request, _response: Response, next: NextFunction) =>
			next(translateRefusal(error)),
		);
	});
});
