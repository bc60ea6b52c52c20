import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { Bench, threeMigrations } from '../support/migrations.js';

let bench: Bench;

beforeEach(async () => {
	bench = await Bench.make();
});

afterEach(() => bench.remove());

const ledger = () => bench.column('SELECT filename FROM trm.migration_ledger ORDER BY applied_at');
const exists = async (table: string) => (await bench.column(`SELECT to_regclass('public.${table}') IS NOT NULL`))[0];

describe('numbered files', () => {
	it('are applied once each, in order, and the last line says so', async () => {
		await threeMigrations(bench);
		const { lines } = await bench.apply();
		expect(lines).toEqual([
			expect.stringMatching(/^applied 001_a\.sql \(\d+ ms\)$/),
			expect.stringMatching(/^applied 002_b\.sql/),
			expect.stringMatching(/^applied 003_c\.sql/),
			'3 applied, 0 skipped',
		]);
		expect(await bench.apply()).toEqual({ status: 0, lines: ['0 applied, 3 skipped'], errors: '' });
		expect(await ledger()).toEqual(['001_a.sql', '002_b.sql', '003_c.sql']);
	});

	it('are recorded with hash, duration and version of the runner', async () => {
		const hash = await bench.write('001_slow.sql', 'SELECT pg_sleep(0.2);');
		await bench.apply();
		const row = `SELECT sha256 = '${hash}' AND kind = 'numbered' AND duration_ms BETWEEN 200 AND 60000
			AND runner_version ~ '^\\d+\\.\\d+\\.\\d+$' AND applied_at > now() - interval '1 minute' FROM trm.migration_ledger`;
		expect(await bench.column(row)).toEqual([true]);
	});

	it('are those of this repository, twice', async () => {
		const directory = join(root, 'db-init');
		expect(await bench.apply('', { directory })).toMatchObject({ status: 0 });
		expect((await bench.apply('', { directory })).lines).toEqual([expect.stringMatching(/^0 applied, \d+ skipped$/)]);
		const index =
			"SELECT count(*)::int FROM pg_indexes WHERE tablename = 'positions' AND indexdef LIKE '%UNIQUE%(device_id, ts)%'";
		expect(await bench.column(index)).toEqual([1]);
	});

	it('are refused when one was changed, with both hashes and the remedy', async () => {
		const [, before] = await threeMigrations(bench);
		await bench.apply();
		const after = await bench.write('002_b.sql', 'CREATE TABLE tampered (id int);');
		await bench.write('004_d.sql', 'CREATE TABLE d (id int);');

		const { status, errors } = await bench.apply();
		expect(status).toBe(1);
		expect(errors).toContain(
			`002_b.sql was changed after it was applied: expected ${before}, found ${after}; remedy: restore the file`,
		);
		expect(await exists('d')).toBe(false);
	});

	it('are refused when one is missing or new before others, and each problem is named in one run', async () => {
		const hashes = await threeMigrations(bench);
		await bench.apply();
		await rm(join(bench.directory, '001_a.sql'));
		const found = await bench.write('000_z.sql', 'SELECT 1;');
		await bench.write('002_b.sql', 'SELECT 2;');

		const { status, errors } = await bench.apply();
		expect(status).toBe(1);
		expect(errors.split('\n')).toEqual([
			`000_z.sql is new but sorts before 003_c.sql, which is applied: expected no such file, found ${found}; remedy: give it the next free number`,
			`001_a.sql is applied but not in ${bench.directory}: expected ${hashes[0]}, found no file; remedy: this image is older than the database, run the image that has the file or a newer one`,
			expect.stringContaining('002_b.sql was changed'),
			'3 problem(s), nothing was applied',
		]);
	});

	it('of after-schema/ have the same ledger under a prefix', async () => {
		await threeMigrations(bench);
		await bench.write('after-schema/001_index.sql', 'CREATE INDEX a_id ON a (id);');
		expect((await bench.apply()).lines.at(-1)).toBe('3 applied, 0 skipped');
		expect((await bench.apply('after-schema/')).lines.at(-1)).toBe('1 applied, 0 skipped');
		expect((await bench.apply()).lines).toEqual(['0 applied, 3 skipped']);
		expect(await ledger()).toContain('after-schema/001_index.sql');
		await rm(join(bench.directory, 'after-schema/001_index.sql'));
		expect((await bench.apply('after-schema')).errors).toContain('after-schema/001_index.sql is applied but not in');
	});

	it('are refused on a database from before the baseline, with what to do', async () => {
		await bench.column('CREATE SCHEMA trm');
		await bench.column(
			'CREATE TABLE trm.migration_ledger (filename text PRIMARY KEY, sha256 text, applied_at timestamptz)',
		);
		await threeMigrations(bench);

		const { status, errors } = await bench.apply();
		expect(status).toBe(1);
		expect(errors).toMatch(/booted by an image from before the baseline.*npm run reset/);
		expect(await exists('a')).toBe(false);
	});
});

describe('current/', () => {
	const returns = (value: string) =>
		`CREATE OR REPLACE FUNCTION trm.half() RETURNS integer LANGUAGE sql AS $$ SELECT ${value} $$;`;

	it('is applied in the order of names, and again where a file was edited', async () => {
		await bench.write('current/b-answer.sql', returns('trm.first() * 2').replace('half', 'answer'));
		await bench.write('current/a-first.sql', returns('21').replace('half', 'first'));
		const { lines } = await bench.apply('current');
		expect(lines[0]).toMatch(/^applied current\/a-first\.sql/);
		expect(lines.at(-1)).toBe('2 applied, 0 skipped');

		const hash = await bench.write('current/a-first.sql', returns('3').replace('half', 'first'));
		expect((await bench.apply('current')).lines.at(-1)).toBe('1 applied, 1 skipped');
		expect(await bench.column('SELECT trm.answer()')).toEqual([6]);
		expect(
			await bench.column(
				"SELECT concat(kind, ' ', sha256) FROM trm.migration_ledger WHERE filename = 'current/a-first.sql'",
			),
		).toEqual([`repeatable ${hash}`]);
	});

	it('is applied again, all of it, when something is gone that a file made', async () => {
		await bench.write('001_a.sql', 'CREATE TABLE a (id int CONSTRAINT a_positive CHECK (id > 0));');
		await bench.write(
			'current/guard.sql',
			'CREATE OR REPLACE FUNCTION trm.guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;',
			'CREATE OR REPLACE TRIGGER trm_guard AFTER INSERT ON public.a FOR EACH ROW EXECUTE FUNCTION trm.guard();',
		);
		await bench.apply();
		await bench.apply('current');
		expect(
			await bench.column("SELECT concat_ws(' ', kind, name, on_table, file) FROM trm.made_objects ORDER BY kind"),
		).toEqual([
			'constraint a_positive a 001_a.sql',
			'function guard()  current/guard.sql',
			'trigger trm_guard a current/guard.sql',
		]);

		const missing = () => bench.column('SELECT name FROM trm.missing_objects ORDER BY name');
		await bench.column('DROP TRIGGER trm_guard ON a');
		await bench.column('ALTER TABLE a DROP CONSTRAINT a_positive');
		expect(await missing()).toEqual(['a_positive', 'trm_guard']);
		expect((await bench.apply('current')).lines.at(-1)).toBe('1 applied, 0 skipped');
		expect(await missing()).toEqual(['a_positive']);

		// A file that removes something takes it off the list.
		await bench.write('002_free.sql', 'ALTER TABLE a DROP CONSTRAINT a_positive; DROP TRIGGER trm_guard ON a;');
		await bench.column('ALTER TABLE a ADD CONSTRAINT a_positive CHECK (id > 0)');
		await bench.apply();
		expect(await missing()).toEqual([]);
	});

	it('names a file that went away, whose objects stay', async () => {
		await bench.write('current/half.sql', returns('42'));
		await bench.write('current/other.sql', 'SELECT 1;');
		await bench.apply('current');
		await rm(join(bench.directory, 'current/half.sql'));

		const { status, lines } = await bench.apply('current');
		expect(status).toBe(0);
		expect(lines[0]).toMatch(/^warning: current\/half\.sql is applied but not in .*DELETE FROM trm\.migration_ledger/);
		expect(await bench.column('SELECT trm.half()')).toEqual([42]);
	});
});
