import { z } from 'zod';
import { parseEnvironment } from '../../lib/environment.js';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { parseRedisTarget, type RedisTarget } from '../event-redis.js';
import { eventNames } from '../event-names.js';
import { problemsOf } from '../../lib/zod-problems.js';
import { likeOfGlob } from './glob.js';

const sequence = z
	.string('is needed')
	.regex(/^[1-9]\d{0,14}$/, 'must be a sequence: a whole number from 1 on')
	.transform(Number);

const flags = z
	.object({
		from: sequence,
		to: sequence.optional(),
		type: z.array(z.string().min(1).max(200)).default([]),
		subject: z.string().min(1).max(200).optional(),
		stream: z.string('is needed').min(1, 'must be the key of a stream').max(200),
		dryRun: z.boolean(),
	})
	.refine(({ from, to }) => to === undefined || from <= to, { path: ['to'], message: 'must not be below --from' });

/** What to send where. */
export interface ReplayRequest {
	from: number;
	/** undefined: up to the last one that is published */
	to: number | undefined;
	/** patterns of LIKE, of which one must fit; null for every type */
	types: string[] | null;
	subject: string | null;
	stream: string;
	source: string;
	redis: RedisTarget;
	dryRun: boolean;
}

/** @throws Stop naming the flag or variable. */
export function parseReplayRequest(given: unknown, env: Record<string, unknown>): ReplayRequest {
	const parsed = flags.safeParse(given);

	if (!parsed.success) {
		const problems = problemsOf(parsed.error).map(({ path, message }) => `--${path.replace(/\[.*/, '')} ${message}`);
		throw new Stop(EXIT.usage, ...problems);
	}

	const { from, to, type, subject, stream, dryRun } = parsed.data;
	const names = parseEnvironment(z.object(eventNames), env);
	const redis = parseRedisTarget(env);

	if (stream === names.EVENT_STREAM) {
		throw new Stop(EXIT.usage, `--stream ${stream} is the live stream, which only the relay writes: name another one`);
	}

	if (redis === undefined) throw new Stop(EXIT.configuration, 'REDIS is not set: there is no Redis to send to');

	return {
		from,
		to,
		types: type.length === 0 ? null : type.map(likeOfGlob),
		subject: subject === undefined ? null : likeOfGlob(subject),
		stream,
		source: names.EVENT_SOURCE,
		redis,
		dryRun,
	};
}
