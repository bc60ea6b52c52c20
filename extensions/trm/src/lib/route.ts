import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Accountability, SchemaOverview } from '@directus/types';

/** What Directus's middleware has put on a request before it reaches an endpoint of ours. */
export interface DirectusRequest extends Request {
	accountability?: Accountability;
	schema: SchemaOverview;
}

/** Express 4 ignores a rejected promise: hand it to the error handler instead. */
export function route(
	handler: (request: DirectusRequest, response: Response, next: NextFunction) => Promise<void>,
): RequestHandler {
	return (request: Request, response: Response, next: NextFunction) => {
		handler(request as DirectusRequest, response, next).catch(next);
	};
}
