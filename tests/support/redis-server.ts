import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually, freePort, run, type Running } from './processes.js';

export interface RedisServerOptions {
	/** on top of the usual ones, as on redis-server's command line: `['--maxmemory', '2mb']` */
	arguments?: string[];
	/** lines of a configuration file, for what cannot stand on a command line or is rewritten by the server */
	configuration?: string[];
	/** false: a server that keeps no data, such as a Sentinel */
	persistent?: boolean;
}

const PERSISTENCE = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];

/** A Redis of one test's own, with an append-only file, so that it can be stopped and started. */
export class RedisServer {
	readonly url: string;
	/** where it keeps its data */
	readonly directory: string;
	/** without TLS, on 127.0.0.1 */
	readonly port: number;
	readonly #options: RedisServerOptions;
	#server: Running | null = null;
	#logBefore = '';

	private constructor(port: number, directory: string, options: RedisServerOptions) {
		this.port = port;
		this.directory = directory;
		this.#options = options;
		this.url = `redis://127.0.0.1:${port}/0`;
	}

	static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
		const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'trm-redis-')), options);
		await writeFile(server.#configuration, (options.configuration ?? []).join('\n'));
		await server.start();
		return server;
	}

	get #configuration(): string {
		return join(this.directory, 'redis.conf');
	}

	async start(): Promise<void> {
		const { persistent = true, arguments: own = [] } = this.#options;
		const place = ['--port', `${this.port}`, '--dir', this.directory, '--bind', '127.0.0.1'];
		const options = [...place, ...(persistent ? PERSISTENCE : []), ...own];
		this.#server = run('redis-server', [this.#configuration, ...options], {});

		const client = new Redis(this.url, { lazyConnect: true, enableReadyCheck: false, retryStrategy: () => 50 });
		client.on('error', () => undefined);
		await eventually('Redis answers', () => client.ping().catch(() => undefined));
		client.disconnect();
	}

	/** @param signal SIGKILL for a crash. */
	async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
		await this.#server?.end(signal);
		this.#logBefore = this.log();
		this.#server = null;
	}

	/** Everything that it has printed, over all its processes. */
	log(): string {
		return this.#logBefore + (this.#server?.output() ?? '');
	}

	async remove(): Promise<void> {
		await this.stop();
		await rm(this.directory, { recursive: true, force: true });
	}
}
