import { afterEach, beforeEach, expect, it } from 'vitest';
import { postgresUrl } from '../support/environment.js';
import { Bench } from '../support/migrations.js';
import { startPooler, type Pooler } from '../support/pooler.js';

/** A real PgBouncer between the runner and Postgres. */
let bench: Bench;
let pooler: Pooler | undefined;

beforeEach(async () => {
	bench = await Bench.make();
	await bench.write('001_a.sql', 'CREATE TABLE a (id int);');
});

afterEach(async () => {
	await pooler?.stop();
	await bench.remove();
});

const throughPooler = async (mode: 'session' | 'transaction') => {
	pooler = await startPooler(mode, postgresUrl());
	return bench.door([bench.directory], { DB_PORT: String(pooler.port) });
};

it('behind PgBouncer in session mode the runner does its work', async () => {
	expect(await throughPooler('session')).toMatchObject({
		code: 0,
		output: expect.stringContaining('1 applied, 0 skipped'),
	});
});

it('behind PgBouncer in transaction mode it is refused before it takes a lock that no session holds', async () => {
	const { code, output } = await throughPooler('transaction');
	expect(code).toBe(78);
	expect(output).toMatch(/a pooler that shares one connection between sessions.*pool_mode = session/);
	expect(await bench.column("SELECT to_regnamespace('trm')")).toEqual([null]);
});
