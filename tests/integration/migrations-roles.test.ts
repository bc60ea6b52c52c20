import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { root } from '../support/environment.js';
import { Bench, type Outcome } from '../support/migrations.js';

/** How the roles of db-init/current/privileges.sql come to be: on a cluster of its own, since roles belong to all databases of one. */
let cluster: Cluster;
/** of current/ what needs no collections */
let current: string;
let bench: Bench;

const onCluster = async (sql: string, database?: string) => {
	const client = new pg.Client(cluster.url(database));
	await client.connect();
	await client.query(sql).finally(() => client.end());
};

const makeBench = () => Bench.make({ server: (database) => cluster.url(database), template: 'template_of_owner' });
const roles = () =>
	bench.column("SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'trm\\_%' AND NOT rolcanlogin ORDER BY 1");
const givesRights = async () =>
	(
		await bench.column(`SELECT has_any_column_privilege('trm_processor', 'positions', 'INSERT')
			AND NOT has_any_column_privilege('trm_processor', 'positions', 'UPDATE')`)
	)[0];

/** The tables, and then what the roles may do with them. */
async function migrate(user = '', target = bench): Promise<Outcome> {
	const tables = await target.apply('', { user, directory: join(root, 'db-init') });
	return tables.status === 0 ? target.apply('', { user, directory: current }) : tables;
}

/** As a deployer would copy it out of the log. */
const hintIn = ({ lines }: Outcome, start: string) =>
	lines
		.map((line) => /^HINT: {2}As a superuser, in this database: (.*)/.exec(line)?.[1])
		.find((hint) => hint?.startsWith(start)) ?? '';

beforeAll(async () => {
	cluster = await Cluster.start();
	await onCluster('CREATE ROLE owner LOGIN');
	await onCluster('CREATE DATABASE template_of_owner OWNER owner');
	await onCluster('CREATE EXTENSION postgis; CREATE EXTENSION btree_gist', 'template_of_owner');
	current = join(await mkdtemp(join(tmpdir(), 'trm-roles-')), 'current');
	for (const name of ['event-stream.sql', 'privileges.sql']) {
		await cp(join(root, 'db-init/current', name), join(current, name));
	}
});

afterAll(async () => {
	cluster?.remove();
	await rm(join(current, '..'), { recursive: true, force: true });
});

beforeEach(async () => {
	bench = await makeBench();
	await bench.onServer(`ALTER DATABASE ${bench.database} OWNER TO owner`);
});

afterEach(() => bench.remove());

describe('on a cluster without the roles', () => {
	it('an owner who may not create roles goes on, and says what a superuser is to do; that, as it stands, gives the rights', async () => {
		const outcome = await migrate('owner');
		expect(outcome.status).toBe(0);
		expect(outcome.lines).toContainEqual(expect.stringContaining('applied current/privileges.sql'));
		expect(outcome.lines).toContainEqual(
			expect.stringMatching(/WARNING: {2}without the role trm_directus and trm_processor/),
		);
		expect(await roles()).toEqual([]);

		const hint = hintIn(outcome, '');
		expect(hint).toContain('CREATE ROLE trm_processor NOLOGIN');
		await onCluster(hint, bench.database);
		expect(await roles()).toEqual(['trm_directus', 'trm_processor']);
		expect(await givesRights()).toBe(true);
		// What the owner makes from now on, although a superuser has called the function.
		await onCluster('SET ROLE owner; CREATE TABLE tomorrow ()', bench.database);
		expect(await bench.column("SELECT has_table_privilege('trm_directus', 'tomorrow', 'DELETE')")).toEqual([true]);
		await onCluster('DROP OWNED BY trm_directus, trm_processor; DROP ROLE trm_directus, trm_processor', bench.database);
	});

	it('databases that are migrated at once do not hinder each other', async () => {
		const benches = await Promise.all(Array.from({ length: 6 }, () => makeBench()));
		const all = await Promise.all(benches.map((one) => migrate('', one)));
		expect(all.map(({ errors }) => errors)).toEqual(benches.map(() => ''));

		for (const one of benches) {
			expect(await one.column("SELECT has_table_privilege('trm_directus', 'trm.event_outbox', 'DELETE')")).toEqual([
				true,
			]);
			await one.remove();
		}
	});
});

describe('on a cluster with the roles', () => {
	it('an owner without any right on roles gives the rights', async () => {
		const { status, lines } = await migrate('owner');
		expect(status).toBe(0);
		expect(lines.join('\n')).not.toContain('WARNING');
		expect(await givesRights()).toBe(true);
	});

	it('an owner who is called trm_directus keeps its rights, and is told', async () => {
		await onCluster(`ALTER ROLE trm_directus LOGIN; ALTER DATABASE ${bench.database} OWNER TO trm_directus`);
		const { status, lines } = await migrate('trm_directus');
		expect(status).toBe(0);
		expect(lines).toContainEqual(expect.stringMatching(/WARNING: {2}the role trm_directus owns this database/));
		await onCluster(
			'SET ROLE trm_directus; UPDATE trm.event_stream SET singleton = true; TRUNCATE positions',
			bench.database,
		);
		expect(await givesRights()).toBe(true);
		await onCluster(`ALTER ROLE trm_directus NOLOGIN; ALTER DATABASE ${bench.database} OWNER TO owner`);
	});

	it('where everybody may create in public, as before Postgres 15, only the owner may afterwards, or the log says how', async () => {
		const rights =
			"SELECT concat(has_schema_privilege('trm_processor', 'public', 'CREATE'), has_schema_privilege('owner', 'public', 'CREATE'))";
		await onCluster('ALTER SCHEMA public OWNER TO postgres; GRANT CREATE ON SCHEMA public TO PUBLIC', bench.database);
		const outcome = await migrate('owner');
		expect(outcome.status).toBe(0);
		expect(outcome.lines).toContainEqual(
			expect.stringMatching(/WARNING: {2}every login may create objects in schema public/),
		);
		await onCluster(hintIn(outcome, 'GRANT USAGE'), bench.database);
		expect(await bench.column(rights)).toEqual(['ft']);

		await onCluster(
			'GRANT CREATE ON SCHEMA public TO PUBLIC; REVOKE CREATE ON SCHEMA public FROM owner',
			bench.database,
		);
		await onCluster('SELECT trm.grant_least_privilege()', bench.database);
		expect(await bench.column(rights)).toEqual(['ft']);
	});
});
