import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigStack, smallAccess } from '../support/access.js';
import { directusCli, root } from '../support/environment.js';
import { eventually, runToEnd } from '../support/processes.js';
import { runTrm, startTrm } from '../support/trm.js';

/** The child that has Directus's services: one for many jobs, and never without its parent. */
let config: ConfigStack;
let directory: string;

beforeAll(async () => {
	config = await ConfigStack.start({ serve: false });
	directory = await mkdtemp(join(tmpdir(), 'trm-jobs-'));
	expect(await config.apply(smallAccess().access)).toMatchObject({ code: 0 });
});

afterAll(async () => {
	await config?.stop();
	await rm(directory, { recursive: true, force: true });
});

/** Runs `use` while every apply waits for its lock. */
async function whileLocked(use: () => Promise<void>): Promise<void> {
	const holder = await config.stack.db.connect();
	await holder.query(`SELECT pg_advisory_lock(hashtext('trm.config'))`);

	try {
		await use();
	} finally {
		await holder.query(`SELECT pg_advisory_unlock(hashtext('trm.config'))`);
		holder.release();
		// Postgres notices only now that who waited is gone.
		await eventually('nothing waits', async () => (await waiting()).length === 0);
	}
}

const waiting = () =>
	config.rows(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`);

describe('one child for many jobs', () => {
	it('does what a process of its own does, and sees what others have written meanwhile', async () => {
		const { access, published } = smallAccess();
		const pid = config.stack.kept.pid;
		published.name = 'Test renamed';
		// The bookmarks of the roles that the small file lacks would be differences.
		const env = { ACCESS_PATH: await config.write('pending.yaml', access), SETTINGS_PATH: '/nowhere' };
		const kept = await config.command(['diff', '--json'], env);
		const alone = await config.run(['diff', '--json'], env);
		expect(kept).toMatchObject({ code: 1, stdout: alone.stdout });
		expect(alone.code).toBe(1);

		expect(await config.run(['apply'], env)).toMatchObject({ code: 0 });
		expect(await config.command(['diff'], env)).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/no differences\n$/),
		});
		await config.rows(`ALTER TABLE vehicles ADD COLUMN by_hand text`);
		await config.rows(`INSERT INTO directus_fields (collection, field) VALUES ('vehicles', 'by_hand')`);
		const drift = await config.stack.trm(['schema', 'drift'], env);
		expect(drift.stdout).toContain('field vehicles.by_hand is in the database and not in the snapshot\n');
		await config.rows(`DELETE FROM directus_fields WHERE field = 'by_hand'; ALTER TABLE vehicles DROP COLUMN by_hand`);
		expect((await config.stack.trm(['schema', 'drift'], env)).stdout).not.toContain('by_hand');
		expect(config.stack.kept.pid).toBe(pid);
	});

	it('goes on after a job that failed', async () => {
		const broken = await config.write('broken.yaml', 'roles: [{');
		expect(await config.command(['apply'], { ACCESS_PATH: broken })).toMatchObject({ code: 1 });
		expect(await config.apply(smallAccess().access)).toMatchObject({ code: 0 });
	});

	it('ends the command, with the remedy, when it dies in the middle', async () => {
		await whileLocked(async () => {
			const apply = config.command(['apply']);
			await eventually('it waits', async () => (await waiting()).length > 0);
			process.kill(config.stack.kept.pid ?? 0, 'SIGKILL');
			const { code, errors } = await apply;
			expect(code).toBe(1);
			expect(errors).toContain('Directus ended (SIGKILL) before the job config-apply was done; remedy: ');
			await config.stack.kept.end();
		});
		expect(await config.apply(smallAccess().access)).toMatchObject({ code: 0 });
	});
});

describe('the child ends with its parent', () => {
	it.each([
		['SIGTERM', 143],
		['SIGINT', 130],
		['SIGHUP', 129],
		['SIGKILL', null],
	] as const)('after %s', async (signal, status) => {
		await whileLocked(async () => {
			const running = startTrm(['config', 'apply'], config.stack.env);
			await eventually('it waits', async () => (await waiting()).length > 0);
			const { pid } = running.child;
			const child = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim();
			expect(child).toMatch(/^\d+$/);
			expect(await running.end(signal)).toBe(status);
			// Of one that nobody has reaped it is empty.
			const commandLine = () => readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
			await eventually('its child is gone', async () => (await commandLine()) === '');
		});
	});

	it('and is nothing to start by hand', async () => {
		const env = config.stack.env;
		const { code, output } = await runToEnd('node', [directusCli, 'trm', 'jobs'], { cwd: root, env });
		expect(code).toBe(64);
		expect(output).toContain('trm jobs is started by scripts/trm');
	});
});

describe('where Directus would not load the bundle, the message says why', () => {
	it('not built', async () => {
		const { code, errors } = await config.run(['diff'], { EXTENSIONS_PATH: '/nowhere' });
		expect(code).toBe(78);
		expect(errors).toContain('the bundle is not built: no /nowhere/trm/dist/api.js');
	});

	it('trm.js itself not built', async () => {
		await mkdir(join(directory, 'scripts/lib'), { recursive: true });
		for (const file of ['scripts/trm', 'scripts/lib/environment.sh']) await cp(join(root, file), join(directory, file));
		const { code, output } = await runToEnd(join(directory, 'scripts/trm'), ['events', 'status'], {});
		expect(code).toBe(78);
		expect(output).toContain('the bundle is not built: no ');
		expect(output).toContain('remedy: npm run build');
	});

	it('no Directus', async () => {
		const { code, errors } = await config.run(['diff'], { DIRECTUS_CLI: '/nowhere/cli.js' });
		expect(code).toBe(78);
		expect(errors).toContain('no file /nowhere/cli.js; remedy: correct DIRECTUS_CLI');
	});
});

describe('beside npm start', () => {
	const besides = async (args: string[], extra: Record<string, string> = {}) => {
		const { DB_HOST, DB_PORT, DB_DATABASE, DB_USER, DB_PASSWORD, REDIS, ...env } = config.stack.env;
		const file = join(directory, 'stack.env');
		const url = `postgresql://${DB_USER}:${DB_PASSWORD}@${DB_HOST}:${DB_PORT}/${DB_DATABASE}`;
		await writeFile(file, `DATABASE_URL=${url}\nREDIS_URL=${REDIS}\n`);
		return runTrm(args, { ...(env as Record<string, string>), STACK_ENV: file, ...extra });
	};

	it('every command takes the local stack', async () => {
		expect((await besides(['events', 'parked'])).stdout).toBe('no event is parked\n');
		const applied = await besides(['config', 'apply', '--allow-delete']);
		expect(applied.code, applied.errors).toBe(0);
		expect((await besides(['events', 'replay', '--from', '1', '--stream', 'x'])).errors).toContain('last published');
	});

	it('a database that is named counts more', async () => {
		const { code, errors } = await besides(['events', 'parked'], {
			DB_HOST: '127.0.0.1',
			DB_DATABASE: 'x',
			DB_USER: 'x',
		});
		expect(code, errors).not.toBe(0);
	});

	it('runs from another directory, whose paths it sees', async () => {
		const child = spawn(join(root, 'scripts/trm'), ['schema', 'snapshot', 'captured.yaml'], {
			cwd: directory,
			env: config.stack.env,
			stdio: 'ignore',
		});
		const status = await new Promise((resolve) => child.once('close', resolve));
		expect(status).toBe(0);
		const compared = await runToEnd(
			'diff',
			[join(directory, 'captured.yaml'), join(root, 'snapshots/schema.yaml')],
			{},
		);
		expect(compared.output).toBe('');
	});
});
