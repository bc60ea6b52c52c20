import { defineHook } from '@directus/extensions-sdk';
import type { Application, NextFunction, Request, Response } from 'express';
import { OpenResponses } from './open-responses.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Sees to it that a server which is stopped answers every request that it takes. */
export default defineHook(({ init, action }) => {
	const responses = new OpenResponses();

	init('app.before', ({ app }) => {
		(app as Application).use((_request: Request, response: Response, next: NextFunction) => {
			if (responses.add(response)) next();
		});
	});

	// Not earlier: until Directus listens, a signal has to end the process. Once: it ends itself by sending the signal again.
	action('server.start', () => {
		for (const signal of SIGNALS) process.once(signal, () => responses.close());
	});
});
