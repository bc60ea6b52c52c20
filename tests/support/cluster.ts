import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './processes.js';

/** Postgres and PgBouncer refuse to run as root. */
const ids = (() => {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']));
	return { uid: id('-u'), gid: id('-g') };
})();

/** How a program of Postgres is run. */
export const asPostgres = { ...ids, cwd: tmpdir() };

/** A directory that user postgres owns. */
export function postgresDirectory(prefix: string): string {
	const directory = mkdtempSync(join(tmpdir(), prefix));
	if (ids.uid !== undefined) chownSync(directory, ids.uid, ids.gid);
	return directory;
}

/** A Postgres of one test's own, to stop and to kill: the one of TEST_PG_URL serves others too. */
export class Cluster {
	private constructor(
		readonly port: number,
		readonly directory: string,
	) {}

	/** @param authentication of pg_hba.conf for passwords: `trust`, `scram-sha-256` */
	static async start(authentication = 'trust', settings: string[] = []): Promise<Cluster> {
		const cluster = new Cluster(await freePort(), postgresDirectory('trm-cluster-'));
		const options = ['-U', 'postgres', '--auth-local=trust', `--auth-host=${authentication}`, '--no-sync'];
		execFileSync(program('initdb'), ['-D', cluster.#data, '-E', 'UTF8', '--locale=C', ...options], asPostgres);
		cluster.start(settings);
		return cluster;
	}

	get #data(): string {
		return join(this.directory, 'data');
	}

	start(settings: string[] = []): void {
		const timescale = existsSync(join(dirname(program('initdb')), '../lib/timescaledb.so'));
		const preload = timescale ? ['shared_preload_libraries=timescaledb', 'timescaledb.telemetry_level=off'] : [];
		const all = ['listen_addresses=127.0.0.1', 'fsync=off', 'shared_buffers=64MB', ...preload, ...settings];
		const options = [`-p ${this.port}`, `-k ${this.directory}`, ...all.map((setting) => `-c ${setting}`)].join(' ');
		this.#control('-l', join(this.directory, 'log'), '-o', options, 'start');
	}

	/** What kill -9 or a power cut does: no checkpoint, no goodbye to the clients. */
	crash(): void {
		this.#control('-m', 'immediate', 'stop');
	}

	/** Of a role, over the network, where all others are let in without one. */
	requirePassword(role: string): void {
		const file = join(this.#data, 'pg_hba.conf');
		writeFileSync(file, `host all ${role} 127.0.0.1/32 scram-sha-256\n${readFileSync(file, 'utf8')}`);
		this.#control('reload');
	}

	remove(): void {
		try {
			this.crash();
		} finally {
			rmSync(this.directory, { recursive: true, force: true });
		}
	}

	/** Of the superuser, who needs no password where authentication is `trust`. */
	url(database = 'postgres'): string {
		return `postgres://postgres:trust@127.0.0.1:${this.port}/${database}`;
	}

	/** As the superuser, whatever the authentication. @returns psql's unaligned answer */
	sql(statements: string, database = 'postgres'): string {
		const where = ['-h', this.directory, '-p', `${this.port}`, '-U', 'postgres', '-d', database];
		const answer = execFileSync('psql', ['-XAtqw', '-v', 'ON_ERROR_STOP=1', ...where], {
			...asPostgres,
			input: statements,
		});
		return answer.toString().trim();
	}

	#control(...args: string[]): void {
		// The server keeps what it inherits open.
		execFileSync(program('pg_ctl'), ['-D', this.#data, '-w', ...args], { ...asPostgres, stdio: 'ignore' });
	}
}

function program(name: string): string {
	const find = `command -v ${name} || find /usr/lib/postgresql -path '*/bin/${name}' | sort -V | tail -n 1`;
	return execFileSync('sh', ['-c', find]).toString().trim();
}
