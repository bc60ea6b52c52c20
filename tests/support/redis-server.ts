import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually, freePort, run, type Running } from './processes.js';

/** A Redis of one test's own, with an append-only file, so that it can be stopped and started. */
export class RedisServer {
	readonly url: string;
	/** where it keeps its data */
	readonly directory: string;
	readonly #port: number;
	#server: Running | null = null;
	#logBefore = '';

	private constructor(port: number, directory: string) {
		this.#port = port;
		this.directory = directory;
		this.url = `redis://127.0.0.1:${port}/0`;
	}

	static async start(): Promise<RedisServer> {
		const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'trm-redis-')));
		await server.start();
		return server;
	}

	async start(): Promise<void> {
		const options = ['--bind', '127.0.0.1', '--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
		this.#server = run('redis-server', ['--port', `${this.#port}`, '--dir', this.directory, ...options], {});

		const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => 50 });
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
