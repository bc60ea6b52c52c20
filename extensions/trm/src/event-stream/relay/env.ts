import { z } from 'zod';
import { duration, SECONDS } from '../../lib/duration.js';
import { parseEnvironment } from '../../lib/environment.js';
import { eventNames } from '../event-names.js';
import { parseRedisTarget, type RedisTarget } from '../event-redis.js';

const environment = z
	.object({
		...eventNames,
		/** milliseconds */
		EVENT_POLL_INTERVAL: z.coerce.number().int().min(10).max(60_000).default(500),
		EVENT_RETENTION: duration.default(14 * SECONDS.d),
		EVENT_STREAM_KEEP: z.coerce.number().int().min(0).max(1_000_000_000).default(10_000),
		EVENT_STREAM_MAX_LENGTH: z.coerce.number().int().min(1_000).max(1_000_000_000).default(1_000_000),
	})
	.refine(({ EVENT_STREAM_KEEP: keep, EVENT_STREAM_MAX_LENGTH: most }) => keep <= most, {
		path: ['EVENT_STREAM_KEEP'],
		message: 'must not be above EVENT_STREAM_MAX_LENGTH',
	});

/** One key is one slot; dead letters and whatever else belongs to it can lie beside it only with a hash tag. */
const HASH_TAG = /\{[^}]+\}/;

export interface EventStreamEnvironment {
	redis: RedisTarget | undefined;
	stream: string;
	source: string;
	/** milliseconds between two looks at the outbox when nothing wakes the relay */
	pollInterval: number;
	/** seconds for which published rows stay in the outbox */
	retention: number;
	/** entries that stay in the stream although every group is done with them */
	keep: number;
	/** entries past which the stream is cut, whoever has not read them */
	maxLength: number;
}

/** @throws Error naming the variable. */
export function parseEventStreamEnvironment(env: Record<string, unknown>): EventStreamEnvironment {
	const redis = parseRedisTarget(env);
	const parsed = parseEnvironment(environment, env);

	if (redis?.address.kind === 'cluster' && !HASH_TAG.test(parsed.EVENT_STREAM)) {
		throw new Error(
			'Environment not usable. EVENT_STREAM: in a Redis Cluster it needs a hash tag, such as {trm}:events. See docs/environment.md.',
		);
	}

	return {
		redis,
		stream: parsed.EVENT_STREAM,
		source: parsed.EVENT_SOURCE,
		pollInterval: parsed.EVENT_POLL_INTERVAL,
		retention: parsed.EVENT_RETENTION,
		keep: parsed.EVENT_STREAM_KEEP,
		maxLength: parsed.EVENT_STREAM_MAX_LENGTH,
	};
}
