import { z } from 'zod';
import { parseEnvironment } from '../shared/environment.js';

const environment = z.object({
	/** URL of the Redis server that carries the stream; without it events stay in the outbox. */
	REDIS: z
		.string()
		.regex(/^rediss?:\/\//, 'must be a URL such as redis://user:password@host:6379/0')
		.optional(),
	EVENT_STREAM: z.string().min(1).max(200).default('trm:events'),
	/** CloudEvents `source`; with `id` it identifies an event everywhere. */
	EVENT_SOURCE: z.string().min(1).max(200).default('/trm-directus'),
	/** milliseconds */
	EVENT_POLL_INTERVAL: z.coerce.number().int().min(10).max(60_000).default(500),
});

export interface EventStreamEnvironment {
	redisUrl: string | undefined;
	stream: string;
	source: string;
	/** milliseconds between two looks at the outbox when nothing wakes the relay */
	pollInterval: number;
}

/** @throws Error naming the variable. */
export function parseEventStreamEnvironment(env: Record<string, unknown>): EventStreamEnvironment {
	const parsed = parseEnvironment(environment, env);

	return {
		redisUrl: parsed.REDIS,
		stream: parsed.EVENT_STREAM,
		source: parsed.EVENT_SOURCE,
		pollInterval: parsed.EVENT_POLL_INTERVAL,
	};
}
