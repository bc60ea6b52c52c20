import type { Server } from 'node:http';
import { defineHook } from '@directus/extensions-sdk';
import { exitOnUnusableEnvironment } from '../shared/environment.js';
import { notifyLeader } from './notify-leader.js';
import { parseEventStreamEnvironment } from './env.js';
import { Relay } from './relay.js';

/** The relay's life: from the server's start to its stop. Never in CLI processes, which start no server. */
export default defineHook(({ init, action }, { database, env, logger }) => {
	let relay: Relay | null = null;

	init('app.before', () => {
		exitOnUnusableEnvironment(logger, 'event-stream', () => parseEventStreamEnvironment(env));
	});

	action('server.start', ({ server }) => {
		const { redisUrl, ...options } = parseEventStreamEnvironment(env);

		if (redisUrl === undefined) {
			logger.warn('[event-stream] REDIS is not set: events stay in the outbox until it is.');
			return;
		}

		const started = new Relay({ database, logger, redisUrl, ...options });
		relay = started;
		started.start();

		// Requests have drained when the server closes, and Directus destroys its pool only after that.
		(server as Server).once('close', () => void started.stop());
	});

	const tellLeader = notifyLeader(database);

	// Only a hint that there may be rows: these events miss cascades and SQL, and come for writes that are rolled back.
	for (const event of ['items.create', 'items.update', 'items.delete', 'items.sort']) {
		action(event, () => {
			if (relay?.isLeading === true) relay.wake();
			else if (relay !== null) tellLeader();
		});
	}
});
