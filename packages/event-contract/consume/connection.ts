import { once } from 'node:events';
import type { Cluster, Redis } from 'ioredis';

/** A command failed: what became of it is not known. */
export class RedisFailure extends Error {
	override name = 'RedisFailure';
}

/** The commands of ioredis that a consumer needs, of a client or of a cluster. */
export type Commands = Pick<
	Redis,
	'xgroup' | 'xreadgroup' | 'xpending' | 'xautoclaim' | 'xclaim' | 'xack' | 'xadd' | 'xrange'
>;

const reconnectDelay = (attempt: number) => Math.min(attempt * 100, 2_000);

/** One connection of the consumer's own, which reconnects by itself and sends nothing twice. */
export class Connection {
	readonly #client: Redis | Cluster;
	readonly #patience: number;
	#lastError: Error | null = null;

	/** @param patience milliseconds beyond those that a command is meant to wait, after which the server is taken for dead */
	constructor(redis: Redis | Cluster, name: string, patience: number) {
		this.#patience = patience;
		this.#client = duplicate(redis, name);
		// Without a listener ioredis prints every failed attempt.
		this.#client.on('error', (error: Error) => (this.#lastError = error));
		this.#client.on('ready', () => (this.#lastError = null));
		this.#client.connect().catch(() => undefined);
	}

	/**
	 * Waits until commands can be sent, or until connecting fails once more: it is tried again all the time.
	 * @throws RedisFailure
	 */
	async ready(signal: AbortSignal): Promise<void> {
		if (this.#client.status === 'ready') return;

		try {
			await once(this.#client, 'ready', { signal: AbortSignal.any([signal, AbortSignal.timeout(this.#patience)]) });
		} catch (error) {
			const { name, message } = error as Error;
			const isTimeout = name === 'AbortError';
			throw new RedisFailure(isTimeout ? (this.#lastError?.message ?? 'no connection to Redis') : message, {
				cause: error,
			});
		}
	}

	/**
	 * @param wait milliseconds that the command is meant to block
	 * @throws RedisFailure also when no answer comes: a connection whose other side is gone says nothing.
	 */
	async run<Reply>(command: (redis: Commands) => Promise<Reply>, wait = 0): Promise<Reply> {
		const limit = wait + this.#patience;
		let timer: NodeJS.Timeout | undefined;

		const silence = new Promise<never>((_resolve, reject) => {
			timer = setTimeout(() => {
				reject(new Error(`Redis has not answered for ${limit} ms`));
				this.#client.disconnect(true);
			}, limit);
		});

		try {
			return await Promise.race([command(this.#client as Commands), silence]);
		} catch (error) {
			const { message } = error as Error;
			// "Stream isn't writeable" says less than the reason for which it is not.
			throw new RedisFailure(this.#client.status === 'ready' ? message : (this.#lastError?.message ?? message), {
				cause: error,
			});
		} finally {
			clearTimeout(timer);
		}
	}

	/** What is under way fails, and it connects again. */
	interrupt(): void {
		this.#client.disconnect(true);
	}

	/** What is under way fails. */
	close(): void {
		this.#client.disconnect();
	}
}

function duplicate(redis: Redis | Cluster, connectionName: string): Redis | Cluster {
	// The caller's time limit for commands would end every read that waits.
	const common = { connectionName, commandTimeout: undefined, enableAutoPipelining: false } as object;

	if ((redis as Cluster).isCluster) {
		const cluster = redis as Cluster;

		return cluster.duplicate([], {
			lazyConnect: true,
			enableOfflineQueue: false,
			enableAutoPipelining: false,
			scaleReads: 'master',
			clusterRetryStrategy: reconnectDelay,
			redisOptions: { ...cluster.options.redisOptions, ...common },
		});
	}

	return (redis as Redis).duplicate({
		...common,
		lazyConnect: true,
		// A command that ioredis sends again by itself could read entries whose first reply nobody has seen.
		maxRetriesPerRequest: 0,
		enableOfflineQueue: false,
		autoResendUnfulfilledCommands: false,
		reconnectOnError: null,
		retryStrategy: reconnectDelay,
	});
}
