import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootTemplate } from '../support/global-setup.js';
import { root } from '../support/environment.js';
import { freePort, runToEnd } from '../support/processes.js';
import { cloneDatabase, templateName } from '../support/templates.js';

/** The campaign's own Postgres cluster, with a database that the production entrypoint has booted once. */
export class PostgresServer {
	readonly port: number;
	readonly #directory: string;
	readonly #password = randomBytes(12).toString('hex');
	#starts = 0;
	#template = '';

	private constructor(directory: string, port: number) {
		this.#directory = directory;
		this.port = port;
	}

	/** Sets TEST_PG_URL, which everything of tests/support goes by, to this server. */
	static async make(directory: string): Promise<PostgresServer> {
		await mkdir(join(directory, 'logs'), { recursive: true });
		const server = new PostgresServer(directory, await freePort());
		await server.start();
		process.env['TEST_PG_URL'] = `postgres://postgres:${server.#password}@127.0.0.1:${server.port}/postgres`;
		return server;
	}

	async boot(): Promise<void> {
		// The entrypoint starts pm2, and two of them in one home would take each other for their own.
		process.env['HOME'] = this.#directory;
		this.#template = (await bootTemplate()).run;
	}

	/** @returns the name of a new database, as the first boot leaves it. */
	async newDatabase(): Promise<string> {
		return cloneDatabase(templateName(this.#template));
	}

	async start(): Promise<void> {
		this.#starts += 1;
		const number = String(this.#starts).padStart(4, '0');
		await this.#script('start', String(this.port), join(this.#directory, 'logs', `postgres-${number}.log`));
	}

	async stop(): Promise<void> {
		await this.#script('stop');
	}

	/** As if all its processes were killed at once. */
	async crash(): Promise<void> {
		await this.#script('crash');
	}

	async remove(): Promise<void> {
		await this.#script('remove');
	}

	/** What it has printed since the campaign's start. */
	async log(): Promise<string> {
		const folder = join(this.#directory, 'logs');
		const files = (await readdir(folder)).sort();
		return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('');
	}

	async #script(command: string, ...args: string[]): Promise<void> {
		const { code, output } = await runToEnd(
			'bash',
			[join(root, 'tests/chaos/postgres.sh'), command, join(this.#directory, 'postgres'), ...args],
			{ cwd: root, env: { ...process.env, TRM_PG_SUPERUSER_PASSWORD: this.#password } },
		);

		if (code !== 0) throw new Error(`Postgres: ${command} ended with ${code}:\n${output}`);
	}
}
