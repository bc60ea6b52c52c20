import { randomBytes } from 'node:crypto';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Login } from '../../extensions/trm/src/boot/login.js';
import { applyDirectory } from '../../extensions/trm/src/boot/migrations/index.js';
import { Session } from '../../extensions/trm/src/boot/session.js';
import { Stop } from '../../extensions/trm/src/lib/exit-status.js';
import { postgresUrl, root } from './environment.js';
import { eventually, run, type Running } from './processes.js';

/** What a run said and how it ended. */
export interface Outcome {
	status: number;
	/** progress, without the tag */
	lines: string[];
	/** what was wrong, with the remedies */
	errors: string;
}

/** An empty directory of migrations and an empty database of its own. */
export class Bench {
	private constructor(
		readonly directory: string,
		readonly database: string,
		readonly server: (database?: string) => string,
	) {}

	static async make({ server = postgresUrl, template = 'template1' } = {}): Promise<Bench> {
		const directory = join(await mkdtemp(join(tmpdir(), 'trm-migrations-')), 'db-init');
		const bench = new Bench(directory, `trm_migr_${randomBytes(6).toString('hex')}`, server);
		await mkdir(directory);
		await bench.onServer(`CREATE DATABASE ${bench.database} TEMPLATE ${template}`);
		return bench;
	}

	/** Lines of a file, or its bytes. */
	async write(name: string, ...content: (string | Buffer)[]): Promise<string> {
		const path = join(this.directory, name);
		await mkdir(dirname(path), { recursive: true });
		const bytes = Buffer.isBuffer(content[0]) ? content[0] : Buffer.from(`${content.join('\n')}\n`);
		await writeFile(path, bytes);
		return createHash('sha256').update(bytes).digest('hex');
	}

	login(user?: string): Login {
		const url = new URL(this.server(this.database));
		return {
			host: url.hostname,
			port: Number(url.port || 5432),
			database: this.database,
			user: user ?? url.username,
			password: decodeURIComponent(url.password),
			variables: 'DB_USER and DB_PASSWORD',
		};
	}

	async open(user?: string): Promise<Session> {
		const log = { info: () => undefined, error: () => undefined };
		return Session.open(this.login(user), {
			application: 'trm db-init test',
			waitSeconds: 5,
			refuseShared: false,
			log,
		});
	}

	/** Applies a directory in this process. @param below such as `current` */
	async apply(below = '', { user = '', directory = this.directory } = {}): Promise<Outcome> {
		const lines: string[] = [];
		const session = await this.open(user || undefined);

		try {
			const log = { info: (line: string) => void lines.push(line), error: (line: string) => void lines.push(line) };
			await applyDirectory(session, join(directory, below), log);
			return { status: 0, lines, errors: '' };
		} catch (error) {
			if (!(error instanceof Stop)) throw error;
			return { status: error.status, lines, errors: error.lines.join('\n') };
		} finally {
			await session.close();
		}
	}

	/** What a deployer's shell has. */
	get environment(): Record<string, string> {
		const { host, port, user, password } = this.login();
		return {
			PATH: `${root}/node_modules/.bin:${process.env['PATH']}`,
			DB_HOST: host,
			DB_PORT: String(port),
			DB_DATABASE: this.database,
			DB_USER: user,
			DB_PASSWORD: password,
			DB_WAIT_TIMEOUT: '20',
		};
	}

	/** Starts scripts/apply-db-init.sh; an undefined variable is left out. */
	start(args: string[], env: Record<string, string | undefined> = {}): Running {
		return run(join(root, 'scripts/apply-db-init.sh'), args, {
			cwd: this.directory,
			env: { ...this.environment, ...env },
		});
	}

	/** The same, to its end. */
	async door(args: string[], env: Record<string, string | undefined> = {}) {
		const running = this.start(args, env);
		let stdout = '';
		running.child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
		const code = await new Promise((resolve) => running.child.once('close', resolve));
		return { code, output: running.output(), stdout };
	}

	/** The first column of each row. */
	async column(sql: string): Promise<unknown[]> {
		return this.ask(this.database, sql);
	}

	onServer(sql: string): Promise<unknown[]> {
		return this.ask('postgres', sql);
	}

	private async ask(database: string, sql: string): Promise<unknown[]> {
		const client = new pg.Client(this.server(database));
		// A crash of the server is part of some tests.
		client.on('error', () => undefined);
		await client.connect();

		try {
			const { rows } = await client.query({ text: sql, rowMode: 'array' });
			return (rows ?? []).map(([first]: unknown[]) => first);
		} finally {
			await client.end();
		}
	}

	/** Half of a file has run: its pg_sleep() does. */
	async sleeping(): Promise<void> {
		const sql = `SELECT pid FROM pg_stat_activity WHERE datname = '${this.database}' AND wait_event = 'PgSleep'`;
		await eventually('a migration sleeps', async () => (await this.onServer(sql)).length > 0);
	}

	async remove(): Promise<void> {
		await this.onServer(`DROP DATABASE IF EXISTS ${this.database} WITH (FORCE)`);
		await rm(dirname(this.directory), { recursive: true, force: true });
	}
}

/** 001_a.sql to 003_c.sql, each of which makes a table. @returns their hashes. */
export async function threeMigrations(bench: Bench): Promise<string[]> {
	const hashes: string[] = [];

	for (const [index, name] of ['a', 'b', 'c'].entries()) {
		hashes.push(await bench.write(`00${index + 1}_${name}.sql`, `CREATE TABLE ${name} (id int);`));
	}

	return hashes;
}
