import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench } from '../support/migrations.js';

let bench: Bench;

beforeEach(async () => {
	bench = await Bench.make();
});

afterEach(() => bench.remove());

const one = async (sql: string) => (await bench.column(sql))[0];

describe('what a file is made of', () => {
	it('has the same hash with other line endings, and runs as if it had none of them', async () => {
		const text =
			'-- trm: no-transaction\nCREATE TABLE a (id int);\nCOMMENT ON TABLE a IS $$two\nlines$$;\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n';
		await bench.write('001_a.sql', Buffer.from(text.replaceAll('\n', '\r\n')));
		expect(await bench.apply()).toMatchObject({ status: 0, errors: '' });
		expect(await one("SELECT obj_description('a'::regclass)")).toBe('two\nlines');
		await bench.write('001_a.sql', Buffer.from(text));
		expect((await bench.apply()).lines).toEqual(['0 applied, 1 skipped']);
	});

	it('is refused with all that is wrong with names, bytes and options, before the database is touched', async () => {
		await bench.write('1_a.sql', 'SELECT 1;');
		await bench.write('002_b.sql', Buffer.from('SELECT 1;\0SELECT 2;'));
		await bench.write('002_c.sql', 'SELECT 1;');
		await bench.write('003_d.sql', '--trm: no-transaction', 'SELECT 1;');
		await bench.write("004_it's.sql", 'SELECT 1;');
		await bench.write('005_fine.sql', "SELECT 'Ünïcödé';");
		await bench.write('README.md', 'not a migration');
		await bench.write('._006_resource-fork.sql', 'SELECT 1;');
		await mkdir(join(bench.directory, '007_directory.sql'));
		await symlink(join(bench.directory, 'nowhere'), join(bench.directory, '008_dangling.sql'));

		const { status, errors } = await bench.apply();
		expect(status).toBe(1);
		expect(errors.split('\n').map((line) => line.replace(/; remedy.*/, ''))).toEqual([
			'002_b.sql: holds NUL bytes (UTF-16?)',
			'002_c.sql: has the same number as 002_b.sql',
			'003_d.sql:1: not an option of the runner: --trm: no-transaction',
			"004_it's.sql: not a migration's name",
			expect.stringMatching(/^007_directory\.sql: cannot be read as user \d+$/),
			expect.stringMatching(/^008_dangling\.sql: cannot be read as user \d+$/),
			"1_a.sql: not a migration's name",
			'nothing was applied',
		]);
		expect(await one("SELECT to_regnamespace('trm')")).toBe(null);
	});

	it('is refused with each statement that has no place in it, and then none of the files is applied', async () => {
		await bench.write('001_a.sql', 'CREATE TABLE a (id int);');
		await bench.write('002_b.sql', 'CREATE TABLE b (id int);', 'COMMIT;');
		await bench.write('003_c.sql', '\\connect postgres');
		await bench.write('004_d.sql', 'COPY a FROM STDIN;', '1', '\\.');
		await bench.write('005_e.sql', 'SELECT (1');

		const { status, lines, errors } = await bench.apply();
		expect([status, lines]).toEqual([1, []]);
		expect(errors.split('\n').map((line) => line.replace(/ does not belong.*|; remedy.*/, ''))).toEqual([
			'002_b.sql:2: COMMIT',
			'003_c.sql:1: \\connect',
			'004_d.sql:1: COPY … FROM STDIN',
			'005_e.sql:2: syntax error at end of input',
			'nothing was applied',
		]);
		expect(await one("SELECT to_regclass('a')")).toBe(null);
	});

	it('may be empty, or comments only', async () => {
		await bench.write('001_a.sql', Buffer.from(''));
		await bench.write('002_b.sql', '-- later');
		await bench.write('003_c.sql', '-- trm: no-transaction');
		expect((await bench.apply()).lines.at(-1)).toBe('3 applied, 0 skipped');
	});

	it('may have five megabytes', async () => {
		const row = `INSERT INTO a VALUES ('${'x'.repeat(90)}');`;
		await bench.write('001_a.sql', 'CREATE TABLE a (name text);', ...Array.from({ length: 45_000 }, () => row));
		expect(await bench.apply()).toMatchObject({ status: 0, errors: '' });
		expect(await one('SELECT count(*)::int FROM a')).toBe(45_000);
	});
});

describe('what a file leaves', () => {
	it('does not reach the next one: settings, role, temporary tables, cursors, channels', async () => {
		const role = `${bench.database}_role`;
		await bench.write(
			'001_a.sql',
			`CREATE ROLE ${role}; SET SESSION AUTHORIZATION ${role}; RESET SESSION AUTHORIZATION;`,
			"SET search_path = pg_catalog; SET statement_timeout = '200ms'; SET standard_conforming_strings = off; SET default_transaction_read_only = on;",
			'CREATE TEMPORARY TABLE scratch (id int); LISTEN everything; PREPARE p AS SELECT 1;',
			`DECLARE c CURSOR WITH HOLD FOR SELECT 1; SET ROLE ${role};`,
		);
		await bench.write(
			'002_b.sql',
			`SELECT pg_sleep(0.6); DROP ROLE ${role};`,
			"CREATE TABLE b AS SELECT current_user::text AS who, current_setting('search_path') AS path, '\\'::text AS backslash,",
			'(SELECT count(*)::int FROM pg_listening_channels()) + (SELECT count(*)::int FROM pg_cursors) + (SELECT count(*)::int FROM pg_prepared_statements) AS left_over;',
			'CREATE TEMPORARY TABLE scratch (name text);',
		);
		expect(await bench.apply()).toMatchObject({ status: 0, errors: '' });
		expect(await bench.column('SELECT row_to_json(b) FROM public.b')).toEqual([
			{ who: 'postgres', path: 'public', backslash: '\\', left_over: 0 },
		]);
	});

	it('is of its own timeouts only: those of the database do not cut it', async () => {
		await bench.onServer(`ALTER DATABASE ${bench.database} SET statement_timeout = '50ms'`);
		await bench.write('001_a.sql', 'SELECT pg_sleep(0.3);');
		expect((await bench.apply()).status).toBe(0);
	});
});

describe('what a file says', () => {
	it('is shown where it says it on purpose, and warns; what IF EXISTS says is not', async () => {
		await bench.write(
			'001_a.sql',
			'CREATE TABLE a (id int); CREATE TABLE IF NOT EXISTS a (id int); DROP TABLE IF EXISTS b; CREATE VIEW v AS SELECT * FROM a;',
			"DO $$ BEGIN RAISE NOTICE 'a plain table'; RAISE WARNING 'no role' USING HINT = 'As a superuser: make it', DETAIL = 'none'; RAISE DEBUG 'no'; END $$;",
			'DROP TABLE a CASCADE;',
		);
		expect((await bench.apply()).lines).toEqual([
			'001_a.sql: NOTICE:  a plain table',
			'001_a.sql: WARNING:  no role',
			'DETAIL:  none',
			'HINT:  As a superuser: make it',
			'001_a.sql: NOTICE:  drop cascades to view v',
			expect.stringMatching(/^applied 001_a\.sql/),
			'1 applied, 0 skipped',
		]);
	});
});
