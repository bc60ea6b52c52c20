import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Boot, entrypoint, runBoot, stepsOnly } from '../support/boot.js';
import { Cluster } from '../support/cluster.js';
import { root } from '../support/environment.js';
import { Pooler } from '../support/pooler.js';

let cluster: Cluster;
let booted: Boot | null = null;
const sql = (statements: string) => cluster.sql(statements, 'booted');
const server = (env: Record<string, string> = {}) => ({
	...{ DB_HOST: '127.0.0.1', DB_PORT: `${cluster.port}`, DB_USER: 'server', DB_PASSWORD: 'the-servers-word', ...env },
});
const withOwner = (env: Record<string, string> = {}) =>
	server({ DB_OWNER_USER: 'owner', DB_OWNER_PASSWORD: 'the-owners-word', ...env });
const steps = (env: Record<string, string>) => runBoot('booted', env, stepsOnly);

/** As a deployer has it from a managed server: an owner without any right on the cluster, and extensions made for it. */
beforeAll(async () => {
	cluster = await Cluster.start('scram-sha-256');
	cluster.sql(`ALTER ROLE postgres PASSWORD 'trust';
		CREATE ROLE owner LOGIN PASSWORD 'the-owners-word';
		CREATE ROLE trm_directus NOLOGIN; CREATE ROLE trm_processor NOLOGIN;
		CREATE ROLE server LOGIN PASSWORD 'the-servers-word' IN ROLE trm_directus;
		CREATE ROLE stranger LOGIN PASSWORD 'the-servers-word';
		CREATE DATABASE booted OWNER owner;`);
	sql('CREATE EXTENSION postgis; CREATE EXTENSION btree_gist');
});

afterEach(async () => {
	await booted?.end();
	booted = null;
});

afterAll(() => cluster?.remove());

async function serve(env: Record<string, string>): Promise<Boot> {
	booted = await Boot.start('booted', env);
	return booted.serves();
}

/** A process and all below it. */
function family(pid: number): number[] {
	const tasks = readdirSync(`/proc/${pid}/task`);
	const children = tasks.flatMap((task) =>
		readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
	);
	return [pid, ...children.flatMap((child) => family(Number(child)))];
}

function expectNoOwnerInTheServer(boot: Boot): void {
	const pids = family(boot.process.child.pid as number);
	expect(pids.length).toBeGreaterThan(1);
	const environments = pids
		.map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').replaceAll('\0', '\n'))
		.join('\n');
	expect(environments).not.toMatch(/the-owners-word|^DB_OWNER|^TRM_CONFIG|=owner$/m);
	expect(environments).toMatch(
		/^TRM_SESSION_LIMITS=statement_timeout=60s work_mem=8MB max_parallel_workers_per_gather=0$/m,
	);
	const users =
		"SELECT string_agg(DISTINCT usename, ' ') FROM pg_stat_activity WHERE datname = 'booted' AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
	expect(sql(users)).toBe('server');
}

describe('two logins', () => {
	it('a first boot makes everything as the owner and serves as the other, who knows nothing of the owner, in at most 40 lines', async () => {
		const boot = await serve(withOwner());
		expectNoOwnerInTheServer(boot);
		const owners =
			"SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'trm') AND tablename <> 'spatial_ref_sys'";
		expect(sql(owners)).toBe('owner');
		expect(
			sql(
				"SELECT has_table_privilege('server', 'public.entries', 'UPDATE'), has_table_privilege('server', 'public.entries', 'TRUNCATE')",
			),
		).toBe('t|f');
		expect(boot.log).not.toContain('WARNING');
		expect(
			boot.log
				.split('pm2-runtime start')[0]
				?.split('\n')
				.filter((line) => line.startsWith('[entrypoint]')).length,
		).toBeLessThanOrEqual(10);
	});

	it('a warm boot works with both, and with that of the server alone', async () => {
		const boot = await serve(withOwner());
		expect(boot.log).toContain('step 4/5: after-schema: skipped, unchanged since');
		expectNoOwnerInTheServer(boot);
		expect(await steps(server())).toMatchObject({
			status: 0,
			log: expect.stringContaining('step 4/5: after-schema: skipped, unchanged since'),
		});
	});

	it('a full boot without the owner stops before it changes anything', async () => {
		const { status, log } = await steps(server({ BOOT_FORCE: 'true' }));
		expect(status).toBe(1);
		expect(log).toContain('permission denied for table state');
		expect(log).toContain('begin-full-boot.sql failed');
		expect(sql("SELECT value ->> 'completed' FROM trm.state WHERE key = 'boot.fingerprint'")).toBe('true');
	});

	it('a full boot gives a collection its rights again, which came back without them', async () => {
		sql('REVOKE ALL ON events FROM trm_processor');
		expect((await steps(withOwner({ BOOT_FORCE: 'true' }))).status).toBe(0);
		expect(sql("SELECT has_table_privilege('trm_processor', 'public.events', 'SELECT')")).toBe('t');
	});

	it('on TimescaleDB a full boot goes over compressed fixes, and says what only a superuser can give back there', async ({
		skip,
	}) => {
		skip(
			sql("SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'") === '0',
			'this Postgres has no TimescaleDB',
		);
		sql(`INSERT INTO positions (device_id, ts, latitude, longitude)
				SELECT '350000000000001', timestamptz '2026-06-07 08:00Z' + n * interval '1 s', 41, 20 FROM generate_series(1, 2000) AS n;
			ALTER TABLE positions SET (timescaledb.compress, timescaledb.compress_segmentby = 'device_id', timescaledb.compress_orderby = 'ts');
			SELECT compress_chunk(chunk) FROM show_chunks('positions') AS chunk`);
		expect((await steps(withOwner({ BOOT_FORCE: 'true' }))).status).toBe(0);
		sql('BEGIN; SET LOCAL timescaledb.restoring = on; REVOKE UPDATE (faulty) ON positions FROM trm_directus; COMMIT');
		const { status, log } = await steps(withOwner({ BOOT_FORCE: 'true' }));
		expect(status).toBe(1);
		expect(log).toContain(
			'TimescaleDB refuses "GRANT UPDATE (faulty) ON TABLE public.positions TO trm_directus" while positions is compressed',
		);
		sql(/As a superuser, in this database: (BEGIN; .* COMMIT;)/.exec(log)?.[1] ?? 'no hint');
		expect((await steps(withOwner({ BOOT_FORCE: 'true' }))).status).toBe(0);
	});

	it('commands that change or compare the schema, and trm, run as the owner', async () => {
		expect((await runBoot('booted', withOwner(), [entrypoint, 'schema-apply', '--dry-run'])).status).toBe(0);
		sql(`CREATE FUNCTION who() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'written by %', current_user; END $$;
			CREATE TRIGGER who BEFORE INSERT ON organizations EXECUTE FUNCTION who();`);
		const { log } = await runBoot('booted', withOwner(), [
			entrypoint,
			'trm',
			'seed',
			'load',
			join(root, 'seeds/rally-albania-2026'),
		]);
		sql('DROP FUNCTION who() CASCADE');
		expect(log).toContain('written by owner');
	});

	it("the server's login must have the rights of trm_directus", async () => {
		const { status, log } = await steps(withOwner({ DB_USER: 'stranger' }));
		expect(status).toBe(78);
		expect(log).toContain(
			'the login stranger (DB_USER) has not the rights of a server in this database; remedy: as a superuser GRANT trm_directus TO "stranger"',
		);
		expect(log).not.toContain('step 5/5');
	});

	it('each that is refused is named by its variables', async () => {
		const owner = await steps(withOwner({ DB_OWNER_USER: 'nobody' }));
		expect(owner).toMatchObject({
			status: 78,
			log: expect.stringContaining('check DB_OWNER_USER and DB_OWNER_PASSWORD'),
		});
		const other = await steps(withOwner({ DB_USER: 'nobody' }));
		expect(other).toMatchObject({ status: 78, log: expect.stringContaining('check DB_USER and DB_PASSWORD') });
	});
});

it('behind PgBouncer in session mode, with settings of the database that change how values are read: it boots and serves', async () => {
	for (const setting of [
		"DateStyle = 'German, DMY'",
		"IntervalStyle = 'iso_8601'",
		"TimeZone = 'Asia/Kathmandu'",
		"bytea_output = 'escape'",
	]) {
		sql(`ALTER DATABASE booted SET ${setting}`);
	}
	sql(
		"ALTER DATABASE booted SET default_transaction_isolation = 'serializable'; ALTER DATABASE booted SET statement_timeout = '100ms'",
	);
	sql("ALTER DATABASE booted SET search_path = 'trm'; ALTER DATABASE booted SET transform_null_equals = on");
	sql("UPDATE public.directus_users SET token = 'administrators-token' WHERE email = 'admin@example.com'");
	const pooler = await Pooler.start(cluster.url(), 'session');

	try {
		const behind = { DB_HOST: '127.0.0.1', DB_PORT: `${pooler.port}`, DB_USER: 'postgres', DB_PASSWORD: 'trust' };
		const boot = await serve({ ...behind, BOOT_FORCE: 'true', DB_STATEMENT_TIMEOUT: '7' });
		const headers = { Authorization: 'Bearer administrators-token', 'Content-Type': 'application/json' };
		const items = `http://127.0.0.1:${boot.port}/items/organizations`;
		await fetch(items, { method: 'POST', headers, body: '{"name":"A","slug":"a"}' });
		const made = await fetch(`${items}?fields=date_created`, { headers }).then((answer) => answer.text());
		expect(made).toMatch(/^\{"data":\[\{"date_created":"20\d\d-\d\d-\d\dT[\d:.]+Z"\}\]\}$/);

		const holder = new pg.Client(cluster.url('booted'));
		await holder.connect();
		await holder.query('BEGIN; LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE');
		expect((await fetch(`http://127.0.0.1:${boot.port}/items/events`, { headers })).status).toBe(503);
		await holder.end();
		await boot.end();
		booted = null;
	} finally {
		await pooler.remove();
	}
});
