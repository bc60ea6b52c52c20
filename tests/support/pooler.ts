import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { eventually, freePort, run } from './processes.js';

/** A PgBouncer in front of a server: its port, for any database. */
export interface Pooler {
	port: number;
	stop(): Promise<void>;
}

export async function startPooler(mode: 'session' | 'transaction', server: string): Promise<Pooler> {
	const { hostname, port: serverPort, username, password } = new URL(server);
	// Where user postgres may read: it refuses to run as root.
	const home = await mkdtemp('/tmp/trm-pooler-');
	const port = await freePort();
	const settings = [
		'[databases]',
		`* = host=${hostname} port=${serverPort || 5432} user=${username} password='${decodeURIComponent(password)}'`,
		'[pgbouncer]',
		...[
			'listen_addr = 127.0.0.1',
			`listen_port = ${port}`,
			'unix_socket_dir =',
			'auth_type = any',
			`pool_mode = ${mode}`,
		],
	];
	await writeFile(join(home, 'pgbouncer.ini'), `${settings.join('\n')}\n`);
	await chmod(home, 0o755);

	const command = ['pgbouncer', '-q', join(home, 'pgbouncer.ini')];
	const [program = '', ...args] =
		process.getuid?.() === 0 ? ['setpriv', '--reuid', 'postgres', '--clear-groups', ...command] : command;
	const running = run(program, args, { cwd: '/tmp', env: { PATH: `${process.env['PATH']}:/usr/sbin` } });

	await eventually('the pooler answers', async () => {
		if (running.child.exitCode !== null) throw new Error(`PgBouncer ended early:\n${running.output()}`);
		const url = new URL(server);
		url.port = String(port);
		const client = new pg.Client(url.href);
		client.on('error', () => undefined);
		return client.connect().then(
			() => client.end().then(() => true),
			() => false,
		);
	});

	return {
		port,
		async stop() {
			await running.end();
			await rm(home, { recursive: true, force: true });
		},
	};
}
