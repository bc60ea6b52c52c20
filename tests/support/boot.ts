import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { directusEnvironment, root } from './environment.js';
import { eventually, freePort, run, type Running } from './processes.js';
import { cloneDatabase, onServer, templateName } from './templates.js';

export const entrypoint = join(root, 'entrypoint.sh');

type Environment = Record<string, string | undefined>;

/** A boot of the real entrypoint, or another command with its environment. */
export class Boot {
	private constructor(
		readonly process: Running,
		readonly port: number,
		readonly home: string,
	) {}

	/** @param env on top of the deployer's usual variables; undefined takes one away */
	static async start(database: string, env: Environment = {}, command = [entrypoint], cwd = root): Promise<Boot> {
		const port = await freePort();
		const home = mkdtempSync(join(tmpdir(), 'trm-boot-'));
		const all: Environment = { ...directusEnvironment(database, port), LOG_LEVEL: 'warn', PM2_HOME: home, ...env };
		const given = Object.entries(all).filter(([, value]) => value !== undefined);
		const [program = '', ...args] = command;
		return new Boot(run(program, args, { cwd, env: Object.fromEntries(given) }), port, home);
	}

	get log(): string {
		return this.process.output();
	}

	get hasEnded(): boolean {
		return this.process.child.exitCode !== null || this.process.child.signalCode !== null;
	}

	async serves(): Promise<this> {
		await eventually('the boot serves', async () => {
			if (this.hasEnded) throw new Error(`the boot ended with ${this.process.child.exitCode}:\n${this.log}`);
			return fetch(`http://127.0.0.1:${this.port}/server/ping`).then(
				({ ok }) => ok,
				() => false,
			);
		});
		return this;
	}

	async logs(text: string | RegExp): Promise<void> {
		await eventually(`the log has ${text}`, () => {
			if (typeof text === 'string' ? this.log.includes(text) : text.test(this.log)) return true;
			if (this.hasEnded) throw new Error(`the boot ended without ${text}:\n${this.log}`);
			return false;
		});
	}

	/** @returns its exit status */
	async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
		const status = await this.process.end(signal);
		rmSync(this.home, { recursive: true, force: true });
		return status;
	}

	/** @returns its exit status, when it ends by itself */
	async status(): Promise<number | null> {
		await eventually('the boot ends', () => this.hasEnded);
		return this.end();
	}
}

/** Starts the real entrypoint, or a command, and waits for its end. */
export async function runBoot(database: string, env: Environment = {}, command = [entrypoint], cwd = root) {
	const boot = await Boot.start(database, env, command, cwd);
	return { status: await boot.status(), log: boot.log };
}

/** Steps 1-4 with the entrypoint's defaults, without a server after them. */
export const stepsOnly = [
	'sh',
	'-c',
	`. "$0/scripts/lib/environment.sh"; defaults "$0"; exec "$0/scripts/trm" boot`,
	root,
];

/** A copy of the database that the real entrypoint booted for this run. */
export const bootedDatabase = (): Promise<string> => cloneDatabase(templateName(inject('run')));

/** As the superuser in that database. */
export const query = <Row extends object>(database: string, sql: string) => onServer<Row>(sql, [], database);

export async function isSleeping(database: string): Promise<boolean> {
	const sql = "SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'";
	return (await onServer(sql, [database])).length > 0;
}
