import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { z } from 'zod';
import { parseEnvironment } from '../lib/environment.js';
import { parseRedisUrl, type RedisAddress } from './redis-url.js';

export type RedisClient = Redis | Cluster;

/** Where the Redis of the event stream is, and how to get in. */
export interface RedisTarget {
	address: RedisAddress;
	/** PEM texts for TLS; what is absent is left to Node */
	tls: { ca?: string; cert?: string; key?: string };
	sentinel: { username?: string; password?: string };
}

const file = z.string().transform((path, context) => {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		context.addIssue(`cannot be read (${(error as NodeJS.ErrnoException).code}): give the path of a PEM file`);
		return z.NEVER;
	}
});

const variables = z.object({
	/** Without it events stay in the outbox. */
	REDIS: z
		.string()
		.transform((url, context) => {
			const address = parseRedisUrl(url);
			if (address !== null) return address;

			context.addIssue(
				'must be a URL such as redis://user:password@host:6379/0, rediss://… for TLS, ' +
					'redis-sentinel://user:password@host:26379,host:26379/0#master or redis-cluster://user:password@host:6379,host:6379',
			);
			return z.NEVER;
		})
		.optional(),
	EVENT_REDIS_TLS_CA: file.optional(),
	EVENT_REDIS_TLS_CERT: file.optional(),
	EVENT_REDIS_TLS_KEY: file.optional(),
	EVENT_REDIS_SENTINEL_USERNAME: z.string().optional(),
	EVENT_REDIS_SENTINEL_PASSWORD: z.string().optional(),
});

const environment = variables.superRefine((env, context) => {
	const { EVENT_REDIS_TLS_CA: ca, EVENT_REDIS_TLS_CERT: cert, EVENT_REDIS_TLS_KEY: key } = env;
	const refuse = (name: keyof typeof env, message: string) =>
		context.addIssue({ code: 'custom', path: [name], message });

	if ((ca ?? cert ?? key) !== undefined && env.REDIS?.isEncrypted === false) {
		refuse('REDIS', 'is without TLS although EVENT_REDIS_TLS_… is set: write rediss in place of redis, or unset these');
	}

	if (ca !== undefined && !isPossible(() => new X509Certificate(ca))) {
		refuse('EVENT_REDIS_TLS_CA', 'the file holds no PEM certificate');
	}

	if (cert === undefined && key === undefined) return;
	if (cert === undefined) return refuse('EVENT_REDIS_TLS_CERT', 'is missing: certificate and key belong together');
	if (key === undefined) return refuse('EVENT_REDIS_TLS_KEY', 'is missing: certificate and key belong together');

	if (!isPossible(() => createSecureContext({ cert, key }))) {
		refuse('EVENT_REDIS_TLS_KEY', 'the file holds no unencrypted PEM key for the certificate of EVENT_REDIS_TLS_CERT');
	}
});

function isPossible(attempt: () => unknown): boolean {
	try {
		attempt();
		return true;
	} catch {
		return false;
	}
}

/**
 * @returns undefined when no Redis is configured.
 * @throws Error naming the variable.
 */
export function parseRedisTarget(env: Record<string, unknown>): RedisTarget | undefined {
	const parsed = parseEnvironment(environment, env);
	if (parsed.REDIS === undefined) return undefined;

	return {
		address: parsed.REDIS,
		tls: present({ ca: parsed.EVENT_REDIS_TLS_CA, cert: parsed.EVENT_REDIS_TLS_CERT, key: parsed.EVENT_REDIS_TLS_KEY }),
		sentinel: present({
			username: parsed.EVENT_REDIS_SENTINEL_USERNAME,
			password: parsed.EVENT_REDIS_SENTINEL_PASSWORD,
		}),
	};
}

function present<T extends object>(values: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

interface ConnectionOptions {
	connectionName: string;
	/** milliseconds after which a reply is not waited for any longer; without it for ever */
	commandTimeout?: number;
}

/** Between two new connections to a server that stays read-only, milliseconds. */
const RECONNECT_INTERVAL = 5_000;

/** After a failover the old master is a replica: connect anew, to whoever is master now. Nobody may be, and for long. */
function isDemoted(): (error: Error) => boolean {
	let reconnectedAt = -Infinity;

	return ({ message }) => {
		// Redis 6 has it in the middle of what a script reports.
		if (!message.includes('READONLY') || performance.now() - reconnectedAt < RECONNECT_INTERVAL) return false;
		reconnectedAt = performance.now();
		return true;
	};
}

/**
 * A client that is not connected yet: call connect(). It reconnects for ever, and never sends a command twice by itself:
 * every rejection means "unknown". A listener for `error` is the caller's to add.
 */
export function openRedis(target: RedisTarget, { connectionName, commandTimeout }: ConnectionOptions): RedisClient {
	const { address } = target;

	const options: RedisOptions = {
		...present({ username: address.username, password: address.password, commandTimeout }),
		...(address.isEncrypted ? { tls: target.tls } : {}),
		lazyConnect: true,
		connectionName,
		// Redis before 7.2 does not know what else ioredis would tell it, and an ACL would have to allow it.
		disableClientInfo: true,
		connectTimeout: 3_000,
		keepAlive: 5_000,
		maxRetriesPerRequest: 0,
		enableOfflineQueue: false,
		autoResendUnfulfilledCommands: false,
		reconnectOnError: isDemoted(),
		retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
	};

	if (address.kind === 'cluster') {
		return new Cluster(address.nodes, {
			lazyConnect: true,
			enableOfflineQueue: false,
			clusterRetryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
			// Certificates name hosts; without this the addresses behind them would be compared.
			...(address.isEncrypted ? { dnsLookup: (name, callback) => callback(null, name) } : {}),
			redisOptions: options,
		});
	}

	if (address.kind === 'sentinel') {
		return new Redis({
			...options,
			db: address.database,
			sentinels: address.nodes,
			name: address.master ?? '',
			sentinelRetryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
			...present({ sentinelUsername: target.sentinel.username, sentinelPassword: target.sentinel.password }),
			...(address.isEncrypted ? { sentinelTLS: target.tls, enableTLSForSentinelMode: true } : {}),
		});
	}

	const [node] = address.nodes;
	return new Redis({ ...options, ...node, db: address.database });
}
