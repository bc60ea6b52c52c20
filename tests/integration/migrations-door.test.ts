import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { Bench, threeMigrations } from '../support/migrations.js';
import { freePort, runToEnd } from '../support/processes.js';

/** scripts/apply-db-init.sh: its arguments, streams and exit statuses. */
let bench: Bench;

beforeEach(async () => {
	bench = await Bench.make();
});

afterEach(() => bench.remove());

describe('without an option', () => {
	it('says on stdout what it applied, and on stderr what is wrong', async () => {
		await threeMigrations(bench);
		const first = await bench.door([bench.directory]);
		expect(first).toMatchObject({ code: 0, output: first.stdout });
		expect(first.stdout).toMatch(
			/^\[db-init\] applied 001_a\.sql \(\d+ ms\)\n(.*\n){2}\[db-init\] 3 applied, 0 skipped\n$/,
		);

		await bench.write('002_b.sql', 'SELECT 2;');
		const second = await bench.door([bench.directory]);
		expect(second).toMatchObject({ code: 1, stdout: '' });
		expect(second.output).toMatch(
			/^\[trm\] error: 002_b\.sql was changed .*\n\[trm\] error: 1 problem\(s\), nothing was applied\n$/,
		);
	});

	it('takes the directory from DB_INIT_PATH, otherwise that of the image', async () => {
		await bench.write('001_a.sql', 'SELECT 1;');
		const applied = async (env: Record<string, string>) => (await bench.door([], env)).output.trim().split('\n').at(-1);
		expect(await applied({ DB_INIT_PATH: bench.directory })).toBe('[db-init] 1 applied, 0 skipped');
		await bench.column('TRUNCATE trm.migration_ledger');
		expect(await applied({})).toMatch(/^\[db-init\] [4-9] applied, 0 skipped$/);
	});
});

describe('--dry-run', () => {
	it('lists what would run and writes nothing', async () => {
		const [hash] = await threeMigrations(bench);
		await bench.write('003_c.sql', '-- trm: no-transaction', 'SELECT 1;');
		const { code, stdout } = await bench.door(['--dry-run', bench.directory]);
		const lines = stdout.trim().split('\n');
		expect(code).toBe(0);
		expect(lines[0]).toBe(`[db-init] would apply 001_a.sql (transaction, sha256 ${hash})`);
		expect(lines[2]).toMatch(/^\[db-init\] would apply 003_c\.sql \(no-transaction, /);
		expect(lines.at(-1)).toBe('[db-init] dry run: 3 pending, 0 applied');
		expect(await bench.column("SELECT concat(to_regnamespace('trm'), to_regclass('a'))")).toEqual(['']);

		await bench.write('current/answer.sql', 'SELECT 1;');
		const current = await bench.door(['--dry-run', join(bench.directory, 'current')]);
		expect(current.stdout).toContain('would apply current/answer.sql (repeatable, ');
	});

	it('refuses like a real run', async () => {
		await threeMigrations(bench);
		await bench.write('002_b.sql', 'COMMIT;');
		const content = await bench.door(['--dry-run', bench.directory]);
		expect(content).toMatchObject({
			code: 1,
			stdout: '',
			output: expect.stringContaining('002_b.sql:1: COMMIT does not belong'),
		});

		await bench.write('002_b.sql', 'SELECT 2;');
		await bench.apply();
		await bench.write('002_b.sql', 'SELECT 3;');
		expect(await bench.door(['--dry-run', bench.directory])).toMatchObject({
			code: 1,
			output: expect.stringContaining('002_b.sql was changed'),
		});
	});
});

describe('a database that takes no writes', () => {
	it('can be asked what is pending and what was applied', async () => {
		await threeMigrations(bench);
		await bench.apply();
		await bench.write('004_d.sql', 'SELECT 4;');
		await bench.onServer(`ALTER DATABASE ${bench.database} SET default_transaction_read_only = on`);
		expect((await bench.door(['--dry-run', bench.directory])).stdout).toBe(
			`[db-init] would apply 004_d.sql (transaction, sha256 ${await bench.write('004_d.sql', 'SELECT 4;')})\n[db-init] dry run: 1 pending, 3 applied\n`,
		);
		expect((await bench.door(['--status', bench.directory])).stdout).toMatch(/\n004_d\.sql +pending/);
		await rm(join(bench.directory, '004_d.sql'));
		expect(await bench.apply()).toEqual({ status: 0, lines: ['0 applied, 3 skipped'], errors: '' });
	});
});

describe('--status', () => {
	it('gives the ledger against the files, as JSON too, with status 0 whatever they are', async () => {
		await threeMigrations(bench);
		await bench.apply();
		const hash = await bench.write('002_b.sql', 'SELECT 2;');
		await rm(join(bench.directory, '001_a.sql'));
		await bench.write('004_d.sql', 'SELECT 4;');

		const { code, stdout } = await bench.door(['--status', '--json', bench.directory]);
		expect(code).toBe(0);
		const applied = {
			applied_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z$/),
			duration_ms: expect.any(Number),
			runner_version: '3.0.0',
		};
		const pending = { applied_at: null, duration_ms: null, runner_version: null };
		const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
		expect(JSON.parse(stdout)).toEqual({
			directory: bench.directory,
			runner_version: '3.0.0',
			...{ ok: false, applied: 1, pending: 1, problems: 2 },
			files: [
				{ filename: '001_a.sql', state: 'missing', expected_sha256: sha256, found_sha256: null, ...applied },
				{ filename: '002_b.sql', state: 'changed', expected_sha256: sha256, found_sha256: hash, ...applied },
				{ filename: '003_c.sql', state: 'applied', expected_sha256: sha256, found_sha256: sha256, ...applied },
				{ filename: '004_d.sql', state: 'pending', expected_sha256: null, found_sha256: sha256, ...pending },
			],
		});

		const text = await bench.door(['--status', bench.directory]);
		expect(text.code).toBe(0);
		expect(text.stdout.split('\n')[0]).toMatch(/^file +state +sha256 +applied at +ms +runner$/);
		expect(text.stdout).toMatch(
			new RegExp(`\\n002_b\\.sql +changed +${hash.slice(0, 12)} +20\\S+ [\\d:]+\\+00 +\\d+ +3\\.0\\.0\\n`),
		);
	});

	it('names a repeatable file that is gone, and is ok with it', async () => {
		await bench.write('current/answer.sql', 'SELECT 1;');
		await bench.apply('current');
		await rm(join(bench.directory, 'current/answer.sql'));
		const { stdout } = await bench.door(['--status', '--json', join(bench.directory, 'current')]);
		expect(JSON.parse(stdout)).toMatchObject({ ok: true, problems: 0, files: [{ state: 'gone' }] });
	});

	it('works before the first run, on a directory with a quote in its name, and through a link', async () => {
		const directory = join(bench.directory, "it's here");
		await mkdir(directory);
		await writeFile(join(directory, '001_a.sql'), 'SELECT 1;');
		const { stdout } = await bench.door(['--json', '--status', directory]);
		expect(JSON.parse(stdout)).toMatchObject({ ok: true, pending: 1, directory });

		await symlink(directory, join(bench.directory, 'current'));
		await symlink(directory, join(bench.directory, 'linked'));
		expect((await bench.apply('linked')).lines.at(-1)).toBe('1 applied, 0 skipped');
		expect((await bench.apply('current')).errors).toContain('not the name of a repeatable file');
	});
});

describe('what it does not take', () => {
	it.each([
		[['--nonsense'], /unknown option '--nonsense'/],
		[['--json'], /--json goes with --status/],
		[['--json', '--dry-run'], /--json goes with --status/],
		[['--dry-run', '--status'], /cannot be used with option/],
		[['one', 'another'], /too many arguments/],
	])('%j: status 64', async (args, message) => {
		expect(await bench.door(args)).toMatchObject({ code: 64, stdout: '', output: expect.stringMatching(message) });
	});

	it('a missing directory or wrong variable: status 78', async () => {
		const refusal = async (env: Record<string, string | undefined>, path = bench.directory) => {
			const { code, output } = await bench.door([path], env);
			expect(code).toBe(78);
			return output;
		};

		expect(await refusal({}, join(bench.directory, 'nowhere'))).toMatch(/error: no directory .*nowhere; remedy: check/);
		expect(await refusal({ DB_WAIT_TIMEOUT: 'soon' })).toContain('DB_WAIT_TIMEOUT is "soon"; remedy: ');
		const several = await refusal({ DB_HOST: undefined, DB_USER: ' ', DB_PORT: '70000', STACK_ENV: '/nowhere' });
		expect(several).toContain('no database: DB_HOST, DB_USER not set; remedy');
		expect(several).toContain('DB_PORT has the port "70000"; remedy: ');
	});

	it('a wrong DB_PASSWORD_FILE: status 78; a right one gives the password', async () => {
		await bench.write('001_a.sql', 'SELECT 1;');
		const file = join(bench.directory, 'password');
		await writeFile(file, `${bench.environment['DB_PASSWORD']}\n`);
		const from = (path: string) => bench.door([bench.directory], { DB_PASSWORD: undefined, DB_PASSWORD_FILE: path });
		expect(await from(file)).toMatchObject({ code: 0 });
		expect(await from(`${file}.none`)).toMatchObject({
			code: 78,
			output: expect.stringContaining(`DB_PASSWORD_FILE: cannot read the file ${file}.none`),
		});
	});

	it('an absent Postgres: status 69 after DB_WAIT_TIMEOUT, and what it waited for', async () => {
		const port = String(await freePort());
		const { code, output, stdout } = await bench.door(['--status', bench.directory], {
			DB_PORT: port,
			DB_WAIT_TIMEOUT: '2',
		});
		expect([code, stdout]).toEqual([69, '']);
		expect(output).toMatch(
			new RegExp(`waiting up to 2 s.* Postgres at 127\\.0\\.0\\.1:${port}/${bench.database}: .*ECONNREFUSED`),
		);
		expect(output).toMatch(/error: .*raise DB_WAIT_TIMEOUT/);
	});

	it('a checkout without the built bundle: status 78, with what to do', async () => {
		await mkdir(join(bench.directory, 'scripts/lib'), { recursive: true });
		for (const file of ['scripts/apply-db-init.sh', 'scripts/trm', 'scripts/lib/environment.sh']) {
			await cp(join(root, file), join(bench.directory, file));
		}
		const { code, output } = await runToEnd(join(bench.directory, 'scripts/apply-db-init.sh'), [], {});
		expect(code).toBe(78);
		expect(output).toMatch(/^\[trm\] error: the bundle is not built: no .*trm\.js; remedy: npm run build/);
	});
});
