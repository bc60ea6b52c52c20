import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import RECORD from '../../extensions/trm/src/boot/migrations/record.sql?raw';
import { Bench } from '../support/migrations.js';

let bench: Bench;

beforeEach(async () => {
	bench = await Bench.make();
});

afterEach(() => bench.remove());

const one = async (sql: string) => (await bench.column(sql))[0];

describe('a file that fails', () => {
	it('leaves nothing behind, and all that Postgres says of it is shown', async () => {
		await bench.write('001_a.sql', 'CREATE TABLE a (id int);');
		await bench.write(
			'002_b.sql',
			'CREATE TABLE b (id int);',
			'',
			'INSERT INTO /* 😀 */',
			'	nowhere VALUES (1);',
			'CREATE TABLE never (id int);',
		);

		const { status, errors } = await bench.apply();
		expect(status).toBe(1);
		expect(errors.split('\n')).toEqual([
			'db-init/002_b.sql:4: ERROR:  relation "nowhere" does not exist (SQLSTATE 42P01)',
			'STATEMENT:  INSERT INTO /* 😀 */',
			'	nowhere VALUES (1)',
			'002_b.sql failed (nothing of it was kept): SQL error, see the lines above; remedy: correct the cause and run again',
		]);
		expect(await one("SELECT to_regclass('b')")).toBe(null);
		expect(await bench.column('SELECT filename FROM trm.migration_ledger')).toEqual(['001_a.sql']);
		await bench.write('002_b.sql', 'CREATE TABLE b (id int);');
		expect((await bench.apply()).lines.at(-1)).toBe('1 applied, 1 skipped');
	});

	it('is shown with the statement, where Postgres gives no position', async () => {
		await bench.write(
			'001_a.sql',
			'CREATE TABLE a (id int PRIMARY KEY);',
			'INSERT INTO a VALUES (1);',
			'-- again',
			'INSERT INTO a',
			'\tVALUES (1);',
		);
		expect((await bench.apply()).errors.split('\n').slice(0, 5)).toEqual([
			'db-init/001_a.sql:4: ERROR:  duplicate key value violates unique constraint "a_pkey" (SQLSTATE 23505)',
			'STATEMENT:  INSERT INTO a',
			'	VALUES (1)',
			'DETAIL:  Key (id)=(1) already exists.',
			expect.stringContaining('001_a.sql failed'),
		]);
	});

	it('is shown with what a function did, and its hint', async () => {
		const raise =
			"EXECUTE 'SELECT nonsense'; EXCEPTION WHEN others THEN RAISE EXCEPTION 'it failed' USING HINT = 'do this', ERRCODE = 'P0042'";
		await bench.write('001_a.sql', `DO $$ BEGIN ${raise}; END $$;`);
		expect((await bench.apply()).errors).toMatch(
			/^db-init\/001_a\.sql:1: ERROR: {2}it failed \(SQLSTATE P0042\)\nSTATEMENT: {2}DO \$\$.*\nHINT: {2}do this\nCONTEXT: {2}PL\/pgSQL function inline_code_block line 1 at RAISE\n/,
		);
		await bench.write('001_a.sql', "DO $$ BEGIN EXECUTE 'SELECT nonsense'; END $$;");
		expect((await bench.apply()).errors).toMatch(/\nQUERY: {2}SELECT nonsense\n/);
	});

	it('only at commit is reported and not recorded', async () => {
		await bench.write(
			'001_a.sql',
			'CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a DEFERRABLE INITIALLY DEFERRED);',
			'INSERT INTO a VALUES (1, 2);',
		);
		const { status, errors } = await bench.apply();
		expect(status).toBe(1);
		expect(errors).toContain('violates foreign key constraint');
		expect(await one("SELECT to_regclass('a')")).toBe(null);
		expect(await bench.column('SELECT FROM trm.migration_ledger')).toEqual([]);
	});

	it.each([
		'DO $$ BEGIN COMMIT; END $$',
		'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN ROLLBACK; END $$; CALL p()',
	])('because its body ends the transaction keeps nothing: %s', async (sql) => {
		await bench.write('001_a.sql', 'CREATE TABLE a (id int);', `${sql};`, 'CREATE TABLE b (id int);');
		expect((await bench.apply()).errors).toMatch(
			/001_a\.sql:2: ERROR: {2}invalid transaction termination \(SQLSTATE 2D000\)/,
		);
		expect(await one("SELECT to_regclass('a')")).toBe(null);
	});

	it('because it writes its own ledger row is not recorded', async () => {
		await bench.write(
			'001_a.sql',
			`CREATE TABLE a (id int);
			INSERT INTO trm.migration_ledger (filename, sha256, kind, duration_ms, runner_version) VALUES ('001_a.sql', repeat('0', 64), 'numbered', 0, '0')`,
		);
		expect((await bench.apply()).errors).toMatch(
			/^001_a\.sql ended the runner's transaction or wrote a ledger row for itself/,
		);
		expect(await bench.column('SELECT FROM trm.migration_ledger')).toEqual([]);
	});

	it('because its transaction is not the one that began is not recorded', async () => {
		await bench.apply();
		const session = await bench.open();
		const [other] = await session.rows<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
		const record = (id: string | null) =>
			session.rows(RECORD, ['001_a.sql', '0'.repeat(64), 'numbered', 0, '0', id, '[]']);
		await session.run('BEGIN');
		expect(await record(other?.id ?? '')).toEqual([]);
		expect(await record(null)).toEqual([{ filename: '001_a.sql' }]);
		await session.close();
	});

	it('because it tells Postgres what only a session of its own may is reported', async () => {
		await bench.write('001_a.sql', "ALTER SYSTEM SET work_mem = '8MB';");
		expect((await bench.apply()).errors).toContain(
			'ALTER SYSTEM cannot run inside a transaction block (SQLSTATE 25001)',
		);
	});
});

describe('a file without a transaction', () => {
	it('may build an index concurrently', async () => {
		await bench.write('001_a.sql', 'CREATE TABLE a (id int);');
		await bench.write(
			'002_index.sql',
			'-- trm: no-transaction',
			'CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);',
		);
		expect((await bench.apply()).status).toBe(0);
		expect(await one("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass")).toBe(true);
		expect(await one('SELECT count(*)::int FROM trm.migration_ledger')).toBe(2);
	});

	it('keeps the statements before the one that fails, and runs again from its first line', async () => {
		const table = ['-- trm: no-transaction', 'CREATE TABLE IF NOT EXISTS a (id int CONSTRAINT a_id CHECK (id > 0));'];
		await bench.write('001_a.sql', ...table, '', 'SELECT', '1/0;', 'SELECT 2;');
		const { status, errors } = await bench.apply();
		expect(status).toBe(1);
		expect(errors).toMatch(
			/^db-init\/001_a\.sql:4: ERROR: {2}division by zero \(SQLSTATE 22012\)\nSTATEMENT: {2}SELECT\n1\/0\n/,
		);
		expect(errors).toContain('statements before the failing one stay');
		expect(await one("SELECT to_regclass('a')::text")).toBe('a');
		expect(await bench.column('SELECT FROM trm.migration_ledger')).toEqual([]);

		await bench.write('001_a.sql', ...table, 'SELECT nonsense', 'FROM a;');
		expect((await bench.apply()).errors).toMatch(/^db-init\/001_a\.sql:3: ERROR: {2}column "nonsense"/);
		await bench.write('001_a.sql', ...table);
		expect((await bench.apply()).lines).toEqual([expect.stringContaining('applied 001'), '1 applied, 0 skipped']);
	});
});
