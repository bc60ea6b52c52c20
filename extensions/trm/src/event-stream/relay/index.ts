import { defineHook } from '@directus/extensions-sdk';
import { exitOnUnusableEnvironment } from '../../lib/environment.js';
import { notifyLeader } from './notify-leader.js';
import { parseEventStreamEnvironment } from './env.js';
import { Relay } from './relay.js';
import { stopWithin, surviveShutdownSignals } from './shutdown.js';

/**
 * Milliseconds for the last events of a shutdown; what is left then is published by the next leader. Directus takes
 * SERVER_SHUTDOWN_TIMEOUT (5,000) before it, and pm2 kills after PM2_KILL_TIMEOUT (7,000).
 */
const DRAIN_TIMEOUT = 500;

/** The relay's life: from the server's start to its stop. Never in CLI processes, which start no server. */
export default defineHook(({ init, action }, { database, env, logger }) => {
	let relay: Relay | null = null;

	init('app.before', () => {
		exitOnUnusableEnvironment(logger, 'event-stream', () => parseEventStreamEnvironment(env));
	});

	action('server.start', () => {
		const { redis, ...options } = parseEventStreamEnvironment(env);

		if (redis === undefined) {
			logger.warn('[event-stream] REDIS is not set: events stay in the outbox until it is.');
			return;
		}

		relay = new Relay({ database, logger, redis, ...options });
		relay.start();
		surviveShutdownSignals();
	});

	// Requests have drained by now, and the relay has a database session of its own.
	action('server.stop', () => {
		if (relay !== null) void stopWithin(relay, DRAIN_TIMEOUT).finally(() => process.exit(0));
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
