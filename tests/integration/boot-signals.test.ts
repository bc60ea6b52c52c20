import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Boot, isSleeping, query, runBoot } from '../support/boot.js';
import { root } from '../support/environment.js';
import { eventually, freePort } from '../support/processes.js';
import { createOwnedDatabase, dropDatabase } from '../support/templates.js';

let database: string;
let work: string;
let env: Record<string, string>;

beforeEach(async () => {
	work = mkdtempSync(join(tmpdir(), 'trm-signals-'));
	database = `trm_signals_${Math.random().toString(36).slice(2, 10)}`;
	mkdirSync(join(work, 'current'));
	mkdirSync(join(work, 'after-schema'));
	await createOwnedDatabase(database);
	env = { DB_INIT_PATH: work, TEST_MARK: database };
});

afterEach(async () => {
	await dropDatabase(database);
	rmSync(work, { recursive: true });
});

const migration = (sql: string) => writeFileSync(join(work, '001_sleep.sql'), sql);

/** A step that takes as long as the test wants. */
async function sleepingBoot(seconds = 60): Promise<Boot> {
	migration(`SELECT pg_sleep(${seconds});`);
	const boot = await Boot.start(database, env);
	await eventually('the migration sleeps', () => isSleeping(database));
	return boot;
}

const locks = () =>
	query<{ pid: number }>(
		database,
		"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
	);

/** Processes that the boot has started: they have its environment. */
function processesOfBoot(): string {
	return execFileSync('sh', [
		'-c',
		`grep -lz "^TEST_MARK=${database}$" /proc/[0-9]*/environ 2>/dev/null || true`,
	]).toString();
}

describe('the boot lock', () => {
	it('is waited for with the name of its holder, and given up on after BOOT_LOCK_TIMEOUT', async () => {
		const first = await sleepingBoot();
		const { status, log } = await runBoot(database, { ...env, BOOT_LOCK_TIMEOUT: '2' });
		expect(status).toBe(69);
		expect(log).toMatch(
			/waiting for the lock trm\.boot, 0 s so far; trm boot .*\(pid \d+, .*, connected since .*\) holds it/,
		);
		expect(log).toContain('another boot held the lock trm.boot for 2 s; remedy: ');
		expect(log).not.toContain('step 1/5');

		// A signal ends the waiting at once, for the lock and for Postgres.
		const waiting = await Boot.start(database, env);
		await waiting.logs('waiting for the lock trm.boot');
		expect(await waiting.end()).toBe(143);
		const absent = await Boot.start(database, { ...env, DB_PORT: `${await freePort()}` });
		await absent.logs('ECONNREFUSED');
		expect(await absent.end('SIGINT')).toBe(130);
		expect(await first.end('SIGHUP')).toBe(129);
	});

	it('when it is lost the boot stops before the next step, with the remedy', async () => {
		const boot = await sleepingBoot(3);
		await query(
			database,
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'trm boot%' AND datname = current_database()",
		);
		expect(await boot.status()).toBe(69);
		expect(boot.log).toContain('[db-init] 1 applied, 0 skipped');
		expect(boot.log).toContain(
			'the session that holds the boot lock was lost (Postgres restarted or cut it); remedy: start again',
		);
		expect(boot.log).not.toContain('step 2/5');
	});
});

describe('a step', () => {
	it('that fails halts the boot with its name, and leaves no lock', async () => {
		migration('SELECT 1/0;');
		const { status, log } = await runBoot(database, env);
		expect(status).toBe(1);
		expect(log).toContain('[entrypoint] step 1/5: db-init');
		expect(log).toContain('division by zero');
		expect(log).toContain(
			'step 1/5: db-init failed with status 1; the boot stops here, nothing is served; remedy: see the lines above',
		);
		expect(log).not.toContain('step 2/5');
		expect(await locks()).toEqual([]);
	});

	it('is ended by SIGTERM at once, and leaves no process and no lock', async () => {
		const boot = await sleepingBoot();
		const began = Date.now();
		expect(await boot.end()).toBe(143);
		expect(Date.now() - began).toBeLessThan(4_000);
		expect(boot.log).toContain('a signal ended the boot; start again, it continues where it stopped');
		expect(boot.log).not.toContain('failed with status');
		await eventually('the locks are free', async () => (await locks()).length === 0, 3_000);
		expect(processesOfBoot()).toBe('');
	});

	it('that ignores the signal is killed with all its processes, however many signals come', async () => {
		cpSync(join(root, 'db-init/004_state.sql'), join(work, '004_state.sql'));
		const [bin, isDeaf] = [join(work, 'bin'), join(work, 'deaf')];
		mkdirSync(bin);
		const node = execFileSync('sh', ['-c', 'command -v node'], {
			env: { PATH: `${root}/node_modules/.bin:${process.env['PATH']}` },
		});
		const deaf = `trap "" TERM INT HUP; touch "${isDeaf}"; for i in $(seq 60); do sleep 1; done`;
		const script = `#!/bin/sh\ncase "$*" in *directus-cli*) ${deaf} ;; *) exec "${node.toString().trim()}" "$@" ;; esac\n`;
		writeFileSync(join(bin, 'node'), script, { mode: 0o755 });
		const path = `${bin}:${root}/node_modules/.bin:${process.env['PATH']}`;
		const boot = await Boot.start(database, { ...env, PATH: path });
		await eventually('step 2 runs', () => existsSync(isDeaf));

		const { child } = boot.process;
		child.kill('SIGTERM');
		await boot.logs('a signal ended the boot');
		child.kill('SIGINT');
		child.kill('SIGTERM');
		expect(await boot.status()).toBe(143);
		expect(boot.log).not.toContain('failed with status');
		expect(processesOfBoot()).toBe('');
		expect(await locks()).toEqual([]);
	});
});
