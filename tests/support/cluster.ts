import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, runToEnd } from './processes.js';

/** A Postgres of a test's own: to be killed, or because roles belong to all databases of one. */
export interface Cluster {
	/** superuser's */
	url(database?: string): string;
	start(): Promise<void>;
	/** What kill -9 or a power cut does: no checkpoint, no goodbye to the clients. */
	crash(): Promise<void>;
	/** Of a role, over the network: all others are let in without one. */
	requirePassword(role: string): Promise<void>;
	remove(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
	const directory = await mkdtemp('/tmp/trm-cluster-');
	const data = join(directory, 'data');
	const port = await freePort();
	const options = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=64MB`;

	if (process.getuid?.() === 0) await runOrThrow(directory, 'chown', 'postgres', directory);
	await asPostgres('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C');

	/** Postgres refuses to run as root. */
	function asPostgres(program: string, ...args: string[]): Promise<void> {
		const command = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', program] : [program];
		return runOrThrow(directory, ...command, ...args);
	}

	const cluster: Cluster = {
		url: (database = 'postgres') => `postgres://postgres:trust@127.0.0.1:${port}/${database}`,
		start: () => asPostgres('pg_ctl', '-D', data, '-w', '-l', join(directory, 'log'), '-o', options, 'start'),
		crash: () => asPostgres('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop'),
		async requirePassword(role) {
			const file = join(data, 'pg_hba.conf');
			await writeFile(file, `host all ${role} 127.0.0.1/32 scram-sha-256\n${await readFile(file, 'utf8')}`);
			await asPostgres('pg_ctl', '-D', data, 'reload');
		},
		async remove() {
			await cluster.crash().catch(() => undefined);
			await rm(directory, { recursive: true, force: true });
		},
	};

	await cluster.start();
	return cluster;
}

async function runOrThrow(cwd: string, ...command: string[]): Promise<void> {
	const [program = '', ...args] = command;
	const { code, output } = await runToEnd(
		'sh',
		['-c', '"$0" "$@" </dev/null >"$PWD/output" 2>&1 || { cat "$PWD/output"; exit 1; }', program, ...args],
		{ cwd },
	);
	if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`);
}
