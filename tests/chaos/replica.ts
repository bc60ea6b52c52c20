import { once } from 'node:events';
import { directusCli, directusEnvironment, root } from '../support/environment.js';
import { eventually, freePort, run, type Running } from '../support/processes.js';
import { Link } from '../support/link.js';

/** Little enough for the stream's begin to be trimmed within a campaign, and more than some rounds make. */
export const STREAM_KEEP = 1_000;

/** One Directus, which reaches Postgres and Redis over links of its own. */
export class Replica {
	readonly name: string;
	readonly url: string;
	readonly postgres: Link;
	readonly redis: Link;
	/** how often it ended without being killed */
	crashes = 0;
	readonly #env: Record<string, string>;
	#directus: Running | null = null;
	#isFrozen = false;
	#log = '';

	private constructor(name: string, port: number, links: [Link, Link], env: Record<string, string>) {
		this.name = name;
		this.url = `http://127.0.0.1:${port}`;
		[this.postgres, this.redis] = links;
		this.#env = env;
	}

	static async make(name: string, database: string, postgresPort: number, redisPort: number): Promise<Replica> {
		const [port, toPostgres, toRedis] = [await freePort(), await freePort(), await freePort()];
		const links = await Promise.all([Link.open(toPostgres, postgresPort), Link.open(toRedis, redisPort)]);
		const extensions = process.env['EXTENSIONS_PATH'];

		return new Replica(name, port, links, {
			...directusEnvironment(database, port),
			DB_PORT: String(toPostgres),
			EVENT_STREAM_KEEP: String(STREAM_KEEP),
			REDIS: `redis://127.0.0.1:${toRedis}/0`,
			...(extensions === undefined ? {} : { EXTENSIONS_PATH: extensions }),
		});
	}

	/** Neither killed nor frozen: something that a fault can be done to. */
	get isRunning(): boolean {
		return this.#isAlive && !this.#isFrozen;
	}

	get #isAlive(): boolean {
		const child = this.#directus?.child;
		return child !== undefined && child.exitCode === null && child.signalCode === null;
	}

	/** Starts the process and returns at once. */
	start(): void {
		if (this.#isAlive) return;
		this.#keepLog();
		this.#directus = run('node', [directusCli, 'start'], { cwd: root, env: this.#env });
	}

	/** Waits until it serves. A start that fails, for want of a database, is tried again. */
	async serving(): Promise<void> {
		await eventually(`${this.name} serves`, async () => {
			if (!this.#isAlive) {
				if (this.#directus !== null) this.crashes += 1;
				this.start();
			}

			return fetch(`${this.url}/server/ping`, { signal: AbortSignal.timeout(2_000) }).then(
				({ ok }) => ok,
				() => false,
			);
		});
	}

	async kill(): Promise<void> {
		await this.#end('SIGKILL');
	}

	freeze(): void {
		this.#isFrozen = this.#directus?.child.kill('SIGSTOP') === true;
	}

	thaw(): void {
		this.#directus?.child.kill('SIGCONT');
		this.#isFrozen = false;
	}

	/** Everything that it has printed, over all its processes. */
	log(): string {
		return this.#log + (this.#directus?.output() ?? '');
	}

	async stop(): Promise<void> {
		this.thaw();
		await this.#end('SIGKILL');
		await Promise.all([this.postgres.close(), this.redis.close()]);
	}

	async #end(signal: NodeJS.Signals): Promise<void> {
		const directus = this.#directus;
		if (directus === null) return;

		// It may have ended by itself, and its exit event have been seen by nobody.
		if (this.#isAlive) await Promise.all([once(directus.child, 'exit'), directus.end(signal)]);
		this.#keepLog();
	}

	#keepLog(): void {
		this.#log = this.log();
		this.#directus = null;
	}
}
