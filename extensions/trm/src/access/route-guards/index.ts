import { defineHook } from '@directus/extensions-sdk';
import type { Application, NextFunction, Request, Response } from 'express';
import { contentTooLarge, forbidden, invalidPayload } from '../../lib/errors.js';
import { permissionsOf } from '../held-permissions.js';
import { isBelow, segmentsOf } from '../../lib/request-path.js';
import { route, type DirectusRequest } from '../../lib/route.js';
import { isAnswerOfProvider, isForged, sentBy } from './foreign-origin.js';
import { measureDocument } from './graphql-document.js';
import { oddness } from './odd-requests.js';
import { closedField, closedPath } from './open-operations.js';
import { readWholeForms, refusalOfForm } from './whole-forms.js';

/** What a GraphQL document may have: fields at its top, fields in all, selections inside one another. */
const MOST = { public: { top: 5, fields: 500 }, members: { top: 10, fields: 2_000 }, nested: 25 };

const SHARED_BY_ROLE = 'This was shared with a role, which is not possible here: share it without one.';

/** The routes that read a form with files. */
const FORM_ROUTES = [['files'], ['utils', 'import'], ['schema']];

/**
 * Rejects cross-site requests that use a browser session (CSRF), requests whose permission Directus checks too late or not at
 * all, and malformed requests that make it fail.
 */
export default defineHook(({ init }, { database, env }) => {
	const cookies = [env['SESSION_COOKIE_NAME'], env['REFRESH_TOKEN_COOKIE_NAME']];

	// After Directus has made out who calls, before any of its routes.
	init('routes.before', ({ app }) => {
		(app as Application).use(
			route(async (request, _response, next) => {
				const segments = segmentsOf(request);

				if (isForged(sentBy(request, cookies), env) && !isAnswerOfProvider(segments)) {
					throw forbidden('A page of another address may not use the session of this browser.');
				}

				const closed = request.accountability?.admin === true ? undefined : closedBecause(request, segments);
				if (closed !== undefined) throw closed;
				if (await isShareByRole(request, segments)) throw forbidden(SHARED_BY_ROLE);
				if (isUpload(request, segments) && !(await mayUpload(request))) throw forbidden();

				const refusal = oddness({ ...partsOf(request), segments }, request.schema.collections);
				if (refusal === undefined && FORM_ROUTES.some((parts) => isBelow(segments, ...parts))) readWholeForms(request);
				next(refusal);
			}),
		);
	});

	init('routes.custom.after', ({ app }) => {
		(app as Application).use((error: unknown, request: Request, _response: Response, next: NextFunction) =>
			next(refusalOfForm(request, error) ?? error),
		);
	});

	/** By a policy made by hand, too: none of ours gives it to anybody but administrators. */
	async function mayUpload({ accountability }: DirectusRequest): Promise<boolean> {
		if (accountability === undefined || accountability.admin === true) return accountability !== undefined;

		for (const action of ['create', 'update'] as const) {
			if ((await permissionsOf(database, accountability, action, 'directus_files')).length > 0) return true;
		}

		return false;
	}

	/** What a role gives by a share Directus asks on all paths from the shared item at once: a minute for each request, and nothing found. */
	async function isShareByRole({ accountability }: DirectusRequest, segments: string[]): Promise<boolean> {
		if (!accountability?.share || isBelow(segments, 'auth') || isBelow(segments, 'shares')) return false;
		const share = await database('directus_shares').where({ id: accountability.share }).first('role');
		return share?.role != null;
	}

	function closedBecause(request: DirectusRequest, segments: string[]): Error | undefined {
		// Directus looks whether the key is there before it asks for the right.
		if (isBelow(segments, 'translations') && !isReading(request)) return forbidden();
		const closed = closedPath(segments) ?? closedInGraphql(request, segments);
		const isClosed = closed === undefined && isByQuery(request);
		return isClosed ? forbidden('Name the rows by "keys": only administrators may by "query".') : closed;
	}

	/** A document may ask for hundreds of fields, each of which is a query by itself. */
	function closedInGraphql({ accountability, method, query, body }: DirectusRequest, segments: string[]) {
		if (!isBelow(segments, 'graphql')) return undefined;

		const text = method === 'GET' ? query['query'] : (body as { query?: unknown } | undefined)?.query;
		const size = measureDocument(text, Number(env['GRAPHQL_QUERY_TOKEN_LIMIT']));
		if (size === undefined) return undefined;

		const most = accountability?.user ? MOST.members : MOST.public;
		if (size.top.length > most.top) return tooMany(`${most.top} fields at its top`);
		if (size.fields > most.fields) return tooMany(`${most.fields} fields, with those of its fragments`);
		if (size.nested > MOST.nested) return tooMany(`${MOST.nested} selections inside one another`);
		if (size.odd === '...') return invalidPayload([{ path: '...', message: 'name the type: ... on events' }])[0];
		if (size.odd !== undefined) return invalidPayload([{ path: size.odd, message: 'cannot be an alias' }])[0];

		const names = isBelow(segments, 'graphql', 'system') ? size.top : [];
		return names.map(closedField).find((error) => error !== undefined);
	}
});

const tooMany = (what: string) => contentTooLarge(`A GraphQL document may have at most ${what}.`);

const partsOf = ({ method, query, body }: Request) => ({ method, query, body: body as unknown });

const isReading = ({ method }: Request) => ['GET', 'HEAD', 'OPTIONS', 'SEARCH'].includes(method);

/** Directus reads the body of an upload before it asks for the right. */
function isUpload(request: Request, segments: string[]): boolean {
	return isBelow(segments, 'files') && !isReading(request) && request.method !== 'DELETE';
}

/** Directus finds the rows of a change or deletion by query without anybody's rights: the answer would tell what the query matched. */
function isByQuery({ method, body }: Request): boolean {
	return ['PATCH', 'DELETE'].includes(method) && typeof body === 'object' && body !== null && 'query' in body;
}
