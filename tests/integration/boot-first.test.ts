import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Boot } from '../support/boot.js';
import { Cluster } from '../support/cluster.js';
import { root } from '../support/environment.js';
import { eventually } from '../support/processes.js';

let cluster: Cluster;
let boots: Boot[] = [];

beforeAll(async () => {
	cluster = await Cluster.start();
});

afterEach(async () => {
	for (const boot of boots) await boot.end();
	boots = [];
});

afterAll(() => cluster?.remove());

async function start(database: string, env: Record<string, string> = {}): Promise<Boot> {
	const server = { DB_HOST: '127.0.0.1', DB_PORT: `${cluster.port}`, DB_USER: 'postgres', DB_PASSWORD: 'trust' };
	const boot = await Boot.start(database, { ...server, ...env });
	boots.push(boot);
	return boot;
}

const files = ['', 'after-schema/', 'current/']
	.flatMap((folder) => readdirSync(join(root, 'db-init', folder)).map((name) => folder + name))
	.filter((name) => name.endsWith('.sql'))
	.sort();

const ledger = (database: string) =>
	cluster.sql('SELECT filename FROM trm.migration_ledger', database).split('\n').sort();

const collections = (database: string) =>
	cluster.sql(
		"SELECT count(*) FROM directus_collections JOIN pg_tables ON tablename = collection WHERE schemaname = 'public'",
		database,
	);

/** Makes the creation of a table take a minute: time enough to kill Postgres in the middle of it. */
async function crashWhileMaking(table: string, database: string): Promise<Boot> {
	cluster.sql(
		`CREATE FUNCTION nap() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
			IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.${table}') THEN PERFORM pg_sleep(60); END IF;
		END $$;
		CREATE EVENT TRIGGER nap ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION nap();`,
		database,
	);
	const boot = await start(database);
	await eventually(
		'it sleeps',
		() => cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") !== '0',
	);
	cluster.crash();
	expect(await boot.status()).not.toBe(0);
	cluster.start();
	cluster.sql('DROP EVENT TRIGGER nap; DROP FUNCTION nap()', database);
	return boot;
}

it('an empty database: five steps in order, then a server that answers and that SIGTERM stops', async () => {
	cluster.sql('CREATE DATABASE first');
	const boot = await start('first', { DB_STATEMENT_TIMEOUT: '2' });
	await boot.serves();
	const steps = ['1/5: db-init', '2/5: bootstrap', '3/5: schema', '4/5: after-schema', '5/5: start'];
	expect(boot.log.match(/^\[entrypoint\] step .*/gm)).toEqual(steps.map((step) => `[entrypoint] step ${step}`));
	expect(boot.log).toMatch(
		/^\[entrypoint\] starting the server after [\d.]+ s \(lock .* s, db-init .* s, bootstrap .* s, schema .* s, after-schema .* s\): pm2-runtime start /m,
	);
	expect(ledger('first')).toEqual(files);
	expect(
		cluster.sql(
			"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = (hashtext('trm.boot')::bigint & 4294967295)::oid",
			'first',
		),
	).toBe('0');
	expect(cluster.sql('SELECT project_owner FROM directus_settings', 'first')).toBe('admin@example.com');

	// The server's statements have the limit: a locked table is answered 503.
	expect(await fetchWhileLocked(boot)).toBe(503);
	const began = Date.now();
	await boot.end();
	expect(Date.now() - began).toBeLessThan(10_000);
});

async function fetchWhileLocked(boot: Boot): Promise<number> {
	const client = new pg.Client(cluster.url('first'));
	await client.connect();
	await client.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
	const { status } = await fetch(`http://127.0.0.1:${boot.port}/items/events`);
	await client.end();
	return status;
}

it('Postgres killed in the middle of the first bootstrap, then of the schema apply: each boot fails clearly, the next completes', async () => {
	cluster.sql('CREATE DATABASE killed');
	const first = await crashWhileMaking('directus_relations', 'killed');
	expect(first.log).toContain('step 2/5: bootstrap failed with status');
	expect(cluster.sql("SELECT to_regclass('public.directus_collections')", 'killed')).toBe('directus_collections');

	const second = await crashWhileMaking('entry_devices', 'killed');
	expect(second.log).toContain('an interrupted first bootstrap was discarded; it starts afresh');
	expect(second.log).toContain('step 3/5: schema failed with status');
	expect(second.log).not.toContain('step 4/5');
	expect(collections('killed')).toBe('0');
	expect(cluster.sql("SELECT count(*) FROM trm.state WHERE key = 'bootstrap.installing'", 'killed')).toBe('0');
	const owner = 'SELECT email, project_owner FROM directus_users, directus_settings';
	expect(cluster.sql(owner, 'killed')).toBe('admin@example.com|admin@example.com');

	await (await start('killed')).serves();
	expect(collections('killed')).toBe(collections('first'));
	expect(ledger('killed')).toEqual(files);
});

it('five boots at once on an empty database: all serve, each ledger row once, four skip what the first has done', async () => {
	cluster.sql('CREATE DATABASE five');
	for (let number = 1; number <= 5; number += 1) await start('five');
	await Promise.all(boots.map((boot) => boot.serves()));
	const logs = boots.map(({ log }) => log).join('\n');
	const count = (pattern: RegExp) => logs.match(pattern)?.length ?? 0;
	expect(ledger('five')).toEqual(files);
	expect(collections('five')).toBe(collections('first'));
	expect(count(/\[db-init\] applied 001_extensions\.sql/g)).toBe(1);
	expect(count(/\[db-init\] 0 applied, /g)).toBe(4);
	expect(count(/step 3\/5: schema: skipped, unchanged since/g)).toBe(4);
	expect(cluster.sql('SELECT count(*) FROM directus_users', 'five')).toBe('1');
});
