import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asPostgres, postgresDirectory } from './cluster.js';
import { eventually, freePort, run, type Running } from './processes.js';
import { Socket } from 'node:net';

/** A PgBouncer in front of a Postgres, for any database and user of it. */
export class Pooler {
	private constructor(
		readonly port: number,
		readonly directory: string,
		readonly process: Running,
	) {}

	/** @param server a superuser's URL of the Postgres behind it */
	static async start(
		server: string,
		mode: 'session' | 'transaction' | 'statement',
		settings: string[] = [],
	): Promise<Pooler> {
		const { hostname, port, username, password } = new URL(server);
		const listen = await freePort();
		const directory = postgresDirectory('trm-pooler-');
		const file = join(directory, 'pgbouncer.ini');
		const user = `user=${username} password='${decodeURIComponent(password)}'`;
		const lines = [
			...['[databases]', `* = host=${hostname} port=${port} ${user}`, '[pgbouncer]'],
			...['listen_addr = 127.0.0.1', `listen_port = ${listen}`, 'unix_socket_dir =', 'auth_type = any'],
			...[`pool_mode = ${mode}`, 'max_client_conn = 200', 'default_pool_size = 50', ...settings],
		];
		writeFileSync(file, lines.join('\n'), { mode: 0o644 });
		const pooler = new Pooler(listen, directory, run('pgbouncer', ['-q', file], asPostgres));
		await eventually('PgBouncer listens', () => listens(listen), 10_000);
		return pooler;
	}

	async remove(): Promise<void> {
		await this.process.end('SIGKILL');
		rmSync(this.directory, { recursive: true, force: true });
	}
}

function listens(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = new Socket();
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.connect(port, '127.0.0.1').once('close', () => socket.destroy());
		socket.once('connect', () => socket.end());
	});
}
