import { defineEndpoint } from '@directus/extensions-sdk';
import { forbidden } from '../lib/errors.js';
import { route } from '../lib/route.js';
import { parsePositionsEnvironment } from './env.js';
import { flagFaulty } from './flag/flag-faulty.js';
import { parseFlagRequest } from './flag/flag-request.js';
import { registerTrack } from './track/track.js';

export default defineEndpoint({
	id: 'positions',
	handler: (router, context) => {
		const { timeLimit } = parsePositionsEnvironment(context.env);
		registerTrack(router, context, timeLimit);

		router.post(
			'/flag-faulty',
			route(async ({ accountability, schema, body }, response) => {
				// Directus lets unauthenticated requests through to custom endpoints.
				if (!accountability?.user) throw forbidden();

				const request = parseFlagRequest(body);
				const { outcome, actions } = await flagFaulty({ ...context, timeLimit }, { accountability, schema }, request);
				for (const { event, meta, context: at } of actions) context.emitter.emitAction(event, meta, at);

				response.json({ data: outcome });
			}),
		);
	},
});
