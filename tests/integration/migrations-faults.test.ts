import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type Cluster } from '../support/cluster.js';
import { Bench } from '../support/migrations.js';
import { eventually, type Running } from '../support/processes.js';

/** Several runners at once, and killed at the worst moment: on a cluster of its own, because it is killed too. */
let cluster: Cluster;
let bench: Bench;

beforeAll(async () => {
	cluster = await startCluster();
});

afterAll(() => cluster?.remove());

beforeEach(async () => {
	bench = await Bench.make({ server: cluster.url });
	// How long the sleeping migration sleeps, so that the second run of the same file is quick.
	await bench.column('CREATE TABLE nap AS SELECT 60::float AS seconds');
	await bench.write('001_a.sql', 'CREATE TABLE a (id int);');
});

afterEach(() => bench.remove());

const napFor = (seconds: number) => bench.column(`UPDATE nap SET seconds = ${seconds}`);
const made = async () =>
	(
		await bench.column(`SELECT concat_ws(' ', (SELECT string_agg(filename, ' ' ORDER BY filename) FROM trm.migration_ledger),
			to_regclass('b'), to_regclass('c'))`)
	)[0];

/** Half of the file has run when this returns. */
async function startAndSleep(...option: string[]): Promise<Running> {
	await bench.write(
		'002_b.sql',
		...option,
		'CREATE TABLE IF NOT EXISTS b (id int);',
		'SELECT pg_sleep(seconds) FROM nap;',
		'CREATE TABLE c (id int);',
	);
	const runner = bench.start([bench.directory]);
	await bench.sleeping();
	return runner;
}

async function ended({ child }: Running): Promise<number | NodeJS.Signals | null> {
	await eventually('the runner ends', () => child.exitCode !== null || child.signalCode !== null);
	return child.exitCode ?? child.signalCode;
}

async function nextRunCompletes(): Promise<void> {
	await napFor(0);
	expect((await bench.apply()).lines.at(-1)).toBe('1 applied, 1 skipped');
	expect(await made()).toBe('001_a.sql 002_b.sql b c');
}

describe('several runners at once', () => {
	it('apply each file once, also when one builds an index concurrently', async () => {
		await bench.write(
			'002_once.sql',
			'CREATE TABLE once (id serial);',
			'INSERT INTO once DEFAULT VALUES;',
			'SELECT pg_sleep(0.5);',
		);
		await bench.write(
			'003_index.sql',
			'-- trm: no-transaction',
			'SELECT pg_sleep(0.5);',
			'CREATE INDEX CONCURRENTLY IF NOT EXISTS once_id ON once (id);',
		);
		const inProcess = Array.from({ length: 3 }, () => bench.apply());
		const doors = Array.from({ length: 2 }, () => bench.door([bench.directory]));

		const last = [
			...(await Promise.all(inProcess)).map(({ lines }) => lines.at(-1)),
			...(await Promise.all(doors)).map(({ output }) => output.trim().split('\n').at(-1)?.replace('[db-init] ', '')),
		];
		expect(last.sort()).toEqual([...Array.from({ length: 4 }, () => '0 applied, 3 skipped'), '3 applied, 0 skipped']);
		expect(await bench.column('SELECT count(*)::int FROM once')).toEqual([1]);
		expect(await bench.column("SELECT indisvalid FROM pg_index WHERE indexrelid = 'once_id'::regclass")).toEqual([
			true,
		]);
	});

	it('say for whom they wait, and what they are at', async () => {
		await napFor(12);
		const runner = await startAndSleep();
		const { lines } = await bench.apply();
		expect(lines[0]).toMatch(
			/^waiting for the lock trm\.db-init, \d+ s so far; trm db-init \S+ \(pid \d+, .*, connected since .*\) holds it$/,
		);
		expect(lines.at(-1)).toBe('0 applied, 2 skipped');
		expect(await ended(runner)).toBe(0);
		expect(runner.output()).toContain('[db-init] still applying 002_b.sql (10 s)');
	});
});

describe('in the middle of a migration', () => {
	it('Postgres is killed: status 1, a clear line, and the next run completes', async () => {
		const runner = await startAndSleep();
		await cluster.crash();
		expect(await ended(runner)).toBe(1);
		await cluster.start();
		expect(runner.output()).toContain(
			'002_b.sql failed (nothing of it was kept): lost the connection to Postgres; remedy: run again',
		);
		expect(await made()).toBe('001_a.sql');
		await nextRunCompletes();
	});

	it.each(['pg_terminate_backend', 'pg_cancel_backend'])(
		'%s ends it: status 1, and the next run completes',
		async (end) => {
			const runner = await startAndSleep();
			await bench.onServer(`SELECT ${end}(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`);
			expect(await ended(runner)).toBe(1);
			expect(runner.output()).toMatch(
				end === 'pg_terminate_backend' ? /lost the connection to Postgres/ : /SQLSTATE 57014/,
			);
			expect(await made()).toBe('001_a.sql');
			await nextRunCompletes();
		},
	);

	it('the runner is killed: its lock is free within seconds, and the next run completes', async () => {
		const runner = await startAndSleep();
		await runner.end('SIGKILL');
		const began = Date.now();
		await nextRunCompletes();
		expect(Date.now() - began).toBeLessThan(20_000);
	});

	it.each([
		['SIGTERM', 143],
		['SIGINT', 130],
		['SIGHUP', 129],
	] as const)('it gets %s: status %i at once, and the next run completes', async (signal, status) => {
		const runner = await startAndSleep();
		const began = Date.now();
		runner.child.kill(signal);
		expect(await ended(runner)).toBe(status);
		expect(Date.now() - began).toBeLessThan(4_000);
		expect(await made()).toBe('001_a.sql');
		await nextRunCompletes();
	});

	it('a file without a transaction is recorded only by the run that finishes it', async () => {
		const runner = await startAndSleep('-- trm: no-transaction');
		await cluster.crash();
		expect(await ended(runner)).toBe(1);
		await cluster.start();
		expect(await made()).toBe('001_a.sql b');
		await nextRunCompletes();
	});
});

describe('before it begins', () => {
	it('waits for a Postgres that comes up late', async () => {
		await cluster.crash();
		const runner = bench.start([bench.directory]);
		await eventually('it waits', () => runner.output().includes('ECONNREFUSED'));
		await cluster.start();
		expect(await ended(runner)).toBe(0);
		expect(runner.output().trim().split('\n').at(-1)).toBe('[db-init] 1 applied, 0 skipped');
	});

	it('fails at once on a wrong password, a missing database or role, and prints no password', async () => {
		await bench.onServer("CREATE ROLE keeper LOGIN PASSWORD 'right-one'");
		await cluster.requirePassword('keeper');
		const began = Date.now();

		const wrong = await bench.door([bench.directory], { DB_USER: 'keeper', DB_PASSWORD: 'wrong-one' });
		expect(wrong.code).toBe(78);
		expect(wrong.output).toMatch(
			/refuses the login: password authentication failed for user "keeper".*remedy: check DB_USER and DB_PASSWORD/,
		);
		expect(wrong.output).not.toContain('wrong-one');
		// The right one gets in: what keeps it from going on is another matter.
		const right = await bench.door([bench.directory], { DB_USER: 'keeper', DB_PASSWORD: 'right-one' });
		expect(right.code).toBe(1);
		expect(right.output).toMatch(/permission denied for database \S+ \(SQLSTATE 42501\)/);
		expect(right.output).not.toContain('right-one');

		expect(await bench.door([bench.directory], { DB_DATABASE: 'none' })).toMatchObject({
			code: 78,
			output: expect.stringContaining('has no such database'),
		});
		expect(await bench.door([bench.directory], { DB_USER: 'nobody' })).toMatchObject({
			code: 78,
			output: expect.stringContaining('DB_USER and DB_PASSWORD'),
		});
		expect(Date.now() - began).toBeLessThan(20_000);
	});
});
