import { JobsChild } from '../boot/jobs-child.js';
import { commandLogin } from '../boot/command-login.js';
import { addressOf } from '../boot/login.js';
import { Session } from '../boot/session.js';
import type { Job, Runtime } from '../lib/command.js';
import { Stop } from '../lib/exit-status.js';
import { openLog, type Log, type Print } from '../lib/log.js';
import type { Sql } from '../lib/sql.js';
import { readSqlFailure } from './sql-failure.js';

/** Exit statuses of a process that a signal has ended, as shells give them. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Directus loads extensions on a database that it is installed in; trm.state is what our jobs read. */
const IS_BOOTED = `
	SELECT to_regclass('public.directus_collections') IS NOT NULL AND to_regclass('trm.state') IS NOT NULL AS yes`;

/** A command line in a process of its own: its variables, its streams, and a child that ends with it. */
export class ProcessRuntime implements Runtime {
	readonly env: Record<string, string | undefined> = process.env;
	readonly directory = process.cwd();
	readonly log: Log = openLog('trm', process.stderr);
	readonly root: string;
	#child: JobsChild | null = null;

	constructor(root: string) {
		this.root = root;

		// A reader that has gone, such as head, is no failure of ours.
		process.stdout.on('error', () => undefined);

		// As process 1 of a container it would not hear of a signal that it has no handler for.
		for (const [name, status] of Object.entries(SIGNALS)) process.once(name, () => void this.#endAfter(name, status));
	}

	/** A child that went on alone would write after everything else has ended. A command with a handler of its own ends itself. */
	async #endAfter(signal: string, status: number): Promise<void> {
		if (process.listenerCount(signal) > 0) return;
		await this.#child?.end('SIGKILL');
		process.exit(status);
	}

	out(text: string): void {
		process.stdout.write(text);
	}

	async withSql<Result>(name: string, use: (sql: Sql) => Promise<Result>): Promise<Result> {
		const login = commandLogin(this.env);
		const session = await Session.open(login, { application: `trm ${name}`, waitSeconds: 0, log: this.log });

		try {
			return await use(session);
		} catch (error) {
			throw readSqlFailure(error, name, login) ?? error;
		} finally {
			await session.close();
		}
	}

	async runJob<Result>(job: Job, print: Print): Promise<Result> {
		await this.#requireBooted(job);
		this.#child ??= JobsChild.start(this, (text) => void process.stderr.write(text));
		return this.#child.run<Result>(job, print);
	}

	/** Directus would start without the bundle, and say only that it knows no command "trm". */
	async #requireBooted({ job, failed }: Job): Promise<void> {
		const [found] = await this.withSql(job, (sql) => sql.rows<{ yes: boolean }>(IS_BOOTED));
		if (found?.yes) return;
		const where = addressOf(commandLogin(this.env));
		throw new Stop(failed, `the database at ${where} was never booted; remedy: boot it first, or correct DB_DATABASE`);
	}

	/** Ends the process when all is written. By itself it would wait for timers that a client of Redis keeps for its last commands. */
	async exit(status: number): Promise<void> {
		// Where nothing is left to wait for, Node ends before the promises below are settled.
		process.exitCode = status;
		await this.#child?.end();
		const written = [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done)));
		await Promise.all(written);
		process.exit(status);
	}
}
