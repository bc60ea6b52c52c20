import { defineHook } from '@directus/extensions-sdk';
import type { Application, NextFunction, Request, Response } from 'express';
import { translateError } from './translate-error.js';

/** Answers what the database or the body parser refuses with the 4xx it is, and with what to do about it. */
export default defineHook(({ init, filter }, { database }) => {
	// What is created or changed, through REST and GraphQL alike.
	filter('database.error', (error) => translateError(error));

	// What its services delete: Directus does not ask the filter about it, and GraphQL would call it an unexpected error.
	database.on('query-error', (error: Error, { sql }: { sql?: string }) => {
		if (sql?.startsWith('delete from "')) becomeTranslated(error);
	});

	// The rest, after every route and before Directus's own error handler, such as statements of our own.
	init('routes.custom.after', ({ app }) => {
		(app as Application).use((error: unknown, _request: Request, _response: Response, next: NextFunction) =>
			next(translateError(error)),
		);
	});
});

/** The error that knex is about to throw is the one that it tells of. */
function becomeTranslated(error: Error): void {
	// A copy, which may become its cause.
	const own = Object.assign(new Error(error.message), error);
	const translated = translateError(own);
	if (!(translated instanceof Error) || translated === own) return;
	const { name, message } = translated;
	Object.assign(error, translated, { name, message });
}
