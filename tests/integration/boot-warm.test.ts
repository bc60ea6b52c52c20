import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Boot, bootedDatabase, isSleeping, query, runBoot, stepsOnly } from '../support/boot.js';
import { directusCli, root } from '../support/environment.js';
import { eventually, runToEnd } from '../support/processes.js';
import { dropDatabase } from '../support/templates.js';

let database: string;
let work: string;

beforeEach(async () => {
	database = await bootedDatabase();
	work = mkdtempSync(join(tmpdir(), 'trm-warm-'));
	cpSync(join(root, 'db-init'), join(work, 'db-init'), { recursive: true });
});

afterEach(async () => {
	await dropDatabase(database);
	rmSync(work, { recursive: true });
});

const steps = (env: Record<string, string> = {}) => runBoot(database, env, stepsOnly);
const copied = () => ({ DB_INIT_PATH: join(work, 'db-init') });
const add = (file: string, sql: string) => writeFileSync(join(work, 'db-init', file), sql);

async function stored(part: string): Promise<string | undefined> {
	const sql = `SELECT value ->> '${part}' AS text FROM trm.state WHERE key = 'boot.fingerprint'`;
	return (await query<{ text: string }>(database, sql))[0]?.text;
}

describe('an unchanged database', () => {
	it('skips steps 2-4 with the reason, runs no process of Directus before the server, and serves', async () => {
		// Notes each start of node, then is node.
		const node = (
			await runToEnd('sh', ['-c', 'command -v node'], {
				env: { PATH: `${root}/node_modules/.bin:${process.env['PATH']}` },
			})
		).output;
		writeFileSync(join(work, 'node'), `#!/bin/sh\necho "$@" >>"${work}/starts"\nexec "${node.trim()}" "$@"\n`, {
			mode: 0o755,
		});
		const boot = await Boot.start(database, { PATH: `${work}:${root}/node_modules/.bin:${process.env['PATH']}` });
		await boot.serves();
		const starts = readFileSync(join(work, 'starts'), 'utf8').split('\n');
		expect(starts[0]).toMatch(/\/trm\.js boot$/);
		expect(starts[1]).toMatch(/pm2-runtime start /);

		for (const step of ['2/5: bootstrap', '3/5: schema', '4/5: after-schema']) {
			expect(boot.log).toMatch(
				new RegExp(
					`\\[entrypoint\\] step ${step}: skipped, unchanged since 20[-0-9]+ [:0-9]+.* \\(boot fingerprint [0-9a-f]{12}\\)\\n`,
				),
			);
		}
		expect(boot.log).toMatch(/\[db-init\] 0 applied, \d+ skipped\n/);
		expect(await boot.end()).toBe(0);
	});

	it('keeps what was edited in the admin UI, until BOOT_FORCE=true brings the snapshot back, without asking the npm registry', async () => {
		const note = () =>
			query<{ note: string }>(
				database,
				"SELECT note FROM directus_fields WHERE collection = 'vehicles' AND field = 'plate'",
			);
		await query(
			database,
			"UPDATE directus_fields SET note = 'edited' WHERE collection = 'vehicles' AND field = 'plate'",
		);
		expect((await steps()).log).toContain('step 3/5: schema: skipped');
		expect(await note()).toEqual([{ note: 'edited' }]);

		// Notes each name that a process of node looks up. An answer of the registry that is kept would spare the question.
		const watch = `const dns = require('node:dns'); const { lookup } = dns; require('node:fs').appendFileSync(process.env.LOOKUPS, '');
			dns.lookup = (name, ...rest) => (require('node:fs').appendFileSync(process.env.LOOKUPS, name + '\\n'), lookup(name, ...rest));`;
		writeFileSync(join(work, 'watch.cjs'), watch);
		const watched = {
			LOOKUPS: join(work, 'lookups'),
			CACHE_DIR: join(work, 'cache'),
			NODE_OPTIONS: `--require ${work}/watch.cjs`,
		};
		const boot = await Boot.start(database, { ...watched, BOOT_FORCE: 'true' });
		await boot.serves();
		expect(await boot.end()).toBe(0);
		expect(boot.log).toContain('running all steps: BOOT_FORCE=true');
		expect(await note()).not.toEqual([{ note: 'edited' }]);
		expect(readFileSync(watched.LOOKUPS, 'utf8')).not.toContain('registry.npmjs.org');
		// The watch does see what upstream's own file does.
		const upstream = join(root, 'node_modules/directus/cli.js');
		await runToEnd('node', [upstream, '--version'], {
			cwd: root,
			env: { ...process.env, ...watched, SERVE_APP: 'false', REDIS_ENABLED: 'false' },
		});
		expect(readFileSync(watched.LOOKUPS, 'utf8')).toContain('registry.npmjs.org');
		expect((await steps()).log).toContain('step 3/5: schema: skipped, unchanged since');
	});
});

describe('what keeps a boot from being warm', () => {
	it('a lost trigger, which all steps make again', async () => {
		await query(database, 'DROP TRIGGER trm_emit_row_change ON classes');
		const { status, log } = await steps();
		expect(status).toBe(0);
		expect(log).toContain('running all steps: triggers, constraints or functions of db-init/ are missing');
		expect(log).toContain('applied current/events.sql');
		expect((await steps()).log).toContain('step 2/5: bootstrap: skipped');
	});

	it('an edited function, which the boot applies; a server of an image with another one is refused', async () => {
		const function_ = 'CREATE OR REPLACE FUNCTION trm.answer() RETURNS integer LANGUAGE sql AS $$ SELECT 42 $$;';
		appendFileSync(join(work, 'db-init/current/classes.sql'), function_);
		const { log } = await steps(copied());
		expect(log).toContain('running all steps: changed since the last boot: migrations');
		expect(log).toContain('applied current/classes.sql');
		expect(await query(database, 'SELECT trm.answer()')).toEqual([{ answer: 42 }]);

		const older = await runBoot(database, { DB_INIT_PATH: join(root, 'db-init') }, ['node', directusCli, 'start']);
		expect(older.status).toBe(78);
		expect(older.log).toContain('MIGRATION_CHANGED: current/classes.sql was last applied as SHA-256');
	});

	it('a fingerprint that cannot be written', async () => {
		await query(database, 'ALTER TABLE trm.state ADD CHECK (false) NOT VALID');
		const { status, log } = await steps({ BOOT_FORCE: 'true', DIRECTUS_CLI: join(work, 'cli.js') });
		expect([status, log]).toEqual([78, expect.stringContaining('no file')]);
		const failed = await steps({ BOOT_FORCE: 'true' });
		expect(failed.status).toBe(1);
		expect(failed.log).toContain('boot fingerprint: begin-full-boot.sql failed, see the lines above; remedy');
		expect(failed.log).not.toContain('step 2/5');
	});

	it('a newer Directus has booted the database: refused, and BOOT_FORCE does not help', async () => {
		await query(
			database,
			`UPDATE trm.state SET value = value || '{"directus": "11.100.0"}' WHERE key = 'boot.fingerprint'`,
		);
		const { status, log } = await steps({ BOOT_FORCE: 'true' });
		expect(status).toBe(1);
		expect(log).toContain('and the database was booted with Directus 11.100.0');
		expect(log).not.toContain('step 2/5');
		expect(await stored('directus')).toBe('11.100.0');
	});
});

describe('a boot that ends in step 4', () => {
	it('with nothing changed leaves the next one warm', async () => {
		add('after-schema/900_sleep.sql', 'SELECT pg_sleep(60);');
		const boot = await Boot.start(database, copied(), stepsOnly);
		await eventually('step 4 sleeps', () => isSleeping(database));
		await boot.end('SIGKILL');
		add('after-schema/900_sleep.sql', 'SELECT 1/0;');
		const failed = await steps(copied());
		expect(failed.status).toBe(1);
		expect(failed.log).toContain('running all steps: changed since the last boot: migrations');
		expect(failed.log).toContain('step 4/5: after-schema failed with status 1');
		rmSync(join(work, 'db-init/after-schema/900_sleep.sql'));
		expect((await steps(copied())).log).toContain('step 4/5: after-schema: skipped, unchanged since');
	});

	it('after step 3 changed something lets the next one run all steps', async () => {
		add('after-schema/900_fails.sql', 'SELECT 1/0;');
		await query(
			database,
			"UPDATE directus_fields SET note = 'edited' WHERE collection = 'vehicles' AND field = 'plate'",
		);
		expect((await steps(copied())).status).toBe(1);
		expect(await stored('completed')).toBe('false');
		rmSync(join(work, 'db-init/after-schema/900_fails.sql'));
		expect((await steps(copied())).log).toContain('running all steps: the last boot was not completed');
	});
});

it('two images start at once: the older one waits for the newer one and is then refused', async () => {
	add('900_newer.sql', 'SELECT pg_sleep(3);');
	const newer = await Boot.start(database, copied(), stepsOnly);
	await eventually('the newer one sleeps', () => isSleeping(database));
	const older = await steps();
	expect(older.status).toBe(1);
	expect(older.log).toContain('waiting for the lock trm.boot');
	expect(older.log).toContain('900_newer.sql');
	expect(older.log).toContain('this image is older than the database');
	expect(await newer.status()).toBe(0);
});
