import { defineHook } from '@directus/extensions-sdk';
import type { Application, NextFunction, Request, Response } from 'express';
import { forbidden, invalidPayload } from '../shared/errors.js';
import { isBelow, segmentsOf } from '../shared/request-path.js';
import type { DirectusRequest } from '../shared/route.js';
import { CLOSED_ROUTES } from './closed-routes.js';

/** Routes of Directus that look at no row's rights, or that cost much and need none: for administrators alone. */
export default defineHook(({ init }) => {
	// After Directus has made out who calls, before any of its routes.
	init('routes.before', ({ app }) => {
		(app as Application).use((request: Request, _response: Response, next: NextFunction) => {
			const isAdministrator = (request as unknown as DirectusRequest).accountability?.admin === true;
			const reason = isAdministrator ? undefined : closedBecause(request);
			if (reason !== undefined) next(forbidden(reason));
			else
				next(
					hasOddRows(request)
						? invalidPayload([{ path: '', message: 'something in the list is no row and no key' }])
						: undefined,
				);
		});
	});
});

function closedBecause(request: Request): string | undefined {
	const segments = segmentsOf(request);
	const closed = CLOSED_ROUTES.find(({ route }) => isBelow(segments, ...route));
	return (
		closed?.reason ?? (isByQuery(request) ? 'Name the rows by "keys": only administrators may by "query".' : undefined)
	);
}

/** Directus takes a list of rows, or of keys, for what it should be. */
function hasOddRows({ method, body }: Request): boolean {
	if (!Array.isArray(body)) return false;
	if (method === 'DELETE') return body.some((key) => !['string', 'number'].includes(typeof key));
	return ['POST', 'PATCH'].includes(method) && body.some((row) => typeof row !== 'object' || row === null);
}

/** Directus finds the rows of a change or deletion by query without anybody's rights: the answer would tell what the query matched. */
function isByQuery({ method, body }: Request): boolean {
	return ['PATCH', 'DELETE'].includes(method) && typeof body === 'object' && body !== null && 'query' in body;
}
