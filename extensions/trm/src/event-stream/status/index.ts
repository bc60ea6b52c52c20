import { defineEndpoint } from '@directus/extensions-sdk';
import type { Response } from 'express';
import { methodNotAllowed } from '../../lib/errors.js';
import type { EventStreamStatus } from '../event-status.js';
import { route } from '../../lib/route.js';
import { requireMonitor } from './authorize.js';
import { parseMetricsTokens } from './env.js';
import { CONTENT_TYPE, writeMetrics } from './exposition.js';
import { metricsOf } from './metrics.js';
import { readOrRefuse } from './read.js';

const ALLOWED = ['GET', 'HEAD'];

/** `GET /event-stream/status` and `/metrics`: how the stream is, for people and for Prometheus. */
export default defineEndpoint({
	id: 'event-stream',
	handler: (router, context) => {
		const tokens = parseMetricsTokens(context.env);

		const answer = (path: string, send: (response: Response, status: EventStreamStatus) => void) =>
			router.all(
				path,
				route(async ({ accountability, headers, method }, response) => {
					// Also of a refusal: what a proxy kept would be wrong a moment later.
					response.set('Cache-Control', 'no-store');
					await requireMonitor(context.database, accountability, headers.authorization, tokens);
					if (!ALLOWED.includes(method)) throw methodNotAllowed(method, ALLOWED);

					send(response, await readOrRefuse(context));
				}),
			);

		answer('/status', (response, status) => void response.json({ data: status }));
		answer('/metrics', (response, status) => {
			response.set('Content-Type', CONTENT_TYPE).send(writeMetrics(metricsOf(status)));
		});
	},
});
