import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseEventStreamEnvironment } from './env.js';

const SECRET = 'p4ssw0rd';
const parse = (env: Record<string, string>) => parseEventStreamEnvironment(env);

/** What a wrong environment is refused with. */
function refusal(env: Record<string, string>): string {
	try {
		parse(env);
	} catch (error) {
		return (error as Error).message;
	}

	throw new Error(`not refused: ${JSON.stringify(env)}`);
}

describe('the environment of the event stream', () => {
	it('has defaults', () => {
		expect(parse({})).toEqual({
			redis: undefined,
			stream: 'trm:events',
			source: '/trm-directus',
			pollInterval: 500,
			retention: 14 * 86_400,
			keep: 10_000,
			maxLength: 1_000_000,
		});
	});

	it.each([
		['1s', 1],
		['90s', 90],
		['15m', 900],
		['12h', 43_200],
		['14d', 1_209_600],
	])('reads %s as %d seconds', (text, seconds) => {
		expect(parse({ EVENT_RETENTION: text }).retention).toBe(seconds);
	});

	it.each(['', '0d', '14', '-1d', '1.5h', '14 d', '2w', '1000000d', 'd'])('refuses the duration %j', (text) => {
		expect(refusal({ EVENT_RETENTION: text })).toContain(
			'EVENT_RETENTION: must be a number with s, m, h or d, such as 14d',
		);
	});

	it('refuses to keep more entries than the stream may have, and not as many', () => {
		expect(refusal({ EVENT_STREAM_KEEP: '1001', EVENT_STREAM_MAX_LENGTH: '1000' })).toContain(
			'EVENT_STREAM_KEEP: must not be above EVENT_STREAM_MAX_LENGTH',
		);
		expect(parse({ EVENT_STREAM_KEEP: '1000', EVENT_STREAM_MAX_LENGTH: '1000' }).keep).toBe(1_000);
	});

	it.each(['trm:events', 'trm{}:events', '{trm:events'])(
		'refuses the stream %s in a cluster, with the remedy',
		(stream) => {
			const env = { REDIS: 'redis-cluster://a,b', EVENT_STREAM: stream };
			expect(refusal(env)).toContain('EVENT_STREAM: in a Redis Cluster it needs a hash tag, such as {trm}:events');
		},
	);

	it('takes a stream with a hash tag in a cluster, and any elsewhere', () => {
		expect(parse({ REDIS: 'redis-cluster://a,b', EVENT_STREAM: '{trm}:events' }).redis?.address.kind).toBe('cluster');
		expect(parse({ REDIS: 'redis://a' }).stream).toBe('trm:events');
	});

	it.each([
		{ REDIS: `http://relay:${SECRET}@redis` },
		{ REDIS: `redis://relay:${SECRET}@redis:99999` },
		{ REDIS: `redis-sentinel://relay:${SECRET}@a,b` },
		{ REDIS: `redis-cluster://relay:${SECRET}@a,b` },
		{ REDIS: `redis://relay:${SECRET}@redis`, EVENT_RETENTION: 'ever' },
		{ REDIS: `redis://relay:${SECRET}@redis`, EVENT_REDIS_TLS_CA: '/nowhere' },
	])('never shows the password, whatever is wrong: %j', (env) => {
		expect(refusal(env)).not.toContain(SECRET);
	});

	it('names a file that cannot be read by its variable', () => {
		expect(refusal({ REDIS: 'rediss://redis', EVENT_REDIS_TLS_KEY: '/nowhere' })).toContain(
			'EVENT_REDIS_TLS_KEY: cannot be read (ENOENT): give the path of a PEM file',
		);
	});

	describe('with files for TLS', () => {
		// What is asked of them is only whether they are what they should be: this file is not.
		const noPem = fileURLToPath(import.meta.url);

		it.each([
			[{ REDIS: 'redis://a', EVENT_REDIS_TLS_CA: noPem }, 'REDIS: is without TLS although EVENT_REDIS_TLS_… is set'],
			[{ REDIS: 'rediss://a', EVENT_REDIS_TLS_CA: noPem }, 'EVENT_REDIS_TLS_CA: the file holds no PEM certificate'],
			[{ REDIS: 'rediss://a', EVENT_REDIS_TLS_CERT: noPem }, 'EVENT_REDIS_TLS_KEY: is missing'],
			[{ REDIS: 'rediss://a', EVENT_REDIS_TLS_KEY: noPem }, 'EVENT_REDIS_TLS_CERT: is missing'],
			[
				{ REDIS: 'rediss://a', EVENT_REDIS_TLS_CERT: noPem, EVENT_REDIS_TLS_KEY: noPem },
				'EVENT_REDIS_TLS_KEY: the file holds no unencrypted PEM key',
			],
		])('refuses %j', (env, problem) => {
			expect(refusal(env as Record<string, string>)).toContain(problem);
		});
	});
});
