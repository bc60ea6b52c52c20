import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, serverLogin, type Login } from '../../extensions/trm/src/boot/login.js';
import { Session } from '../../extensions/trm/src/boot/session.js';
import type { Log } from '../../extensions/trm/src/lib/log.js';
import { makeCertificates } from '../support/certificates.js';
import { asPostgres, Cluster } from '../support/cluster.js';
import { Pooler } from '../support/pooler.js';
import { freePort } from '../support/processes.js';

let cluster: Cluster;
const lines: string[] = [];
const log: Log = { info: (line) => void lines.push(line), error: () => undefined };

beforeAll(async () => {
	// Every refusal below must be told apart in any language.
	cluster = await Cluster.start('scram-sha-256', ['lc_messages=C']);
	cluster.sql(
		"ALTER ROLE postgres PASSWORD 'trust'; CREATE ROLE ours LOGIN PASSWORD 'word'; CREATE DATABASE trm OWNER ours; REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
	);
});

afterAll(() => cluster?.remove());

const login = (extra: Partial<Login> = {}): Login => ({
	...{ host: '127.0.0.1', port: cluster.port, database: 'trm', user: 'ours', password: 'word' },
	variables: 'DB_USER and DB_PASSWORD',
	...extra,
});

const open = (extra: Partial<Login> = {}, waitSeconds = 1) => {
	lines.length = 0;
	return Session.open(login(extra), { application: 'trm test', waitSeconds, log });
};

const refusal = (extra: Partial<Login> = {}, waitSeconds = 1) =>
	open(extra, waitSeconds).then(
		() => 'opened',
		({ status, message }: { status: number; message: string }) => `${status} ${message}`,
	);

describe('a server that is up but refuses', () => {
	it.each([
		['a wrong password', { password: 'wrong' }, 'refuses the login: password authentication failed'],
		['a role that is not there', { user: 'nobody' }, 'refuses the login'],
		['no password', { password: '' }, 'refuses the login'],
		['a database that it may not enter', { database: 'postgres' }, 'refuses the login'],
		['no such database', { database: 'none' }, 'has no such database'],
	])('%s ends the boot at once with 78', async (_what, extra, message) => {
		const began = Date.now();
		expect(await refusal(extra, 60)).toMatch(
			new RegExp(`^78 Postgres at ${addressOf(login(extra))} ${message}.*; remedy: `),
		);
		expect(Date.now() - began).toBeLessThan(20_000);
	});

	it('a login that pg_hba.conf rejects', async () => {
		const hba = `${cluster.directory}/data/pg_hba.conf`;
		writeFileSync(hba, `host all outsider all reject\n${readFileSync(hba, 'utf8')}`);
		cluster.sql('CREATE ROLE outsider LOGIN; SELECT pg_reload_conf()');

		expect(await refusal({ user: 'outsider' }, 60)).toMatch(
			/^78 Postgres at .* refuses the login: .*check DB_USER and DB_PASSWORD \(and pg_hba.conf\)$/,
		);
	});

	it('a library of the database that is not installed', async () => {
		cluster.sql("ALTER DATABASE trm SET session_preload_libraries = 'timescaledb-0.0.0'");
		expect(await refusal({}, 60)).toMatch(
			/^78 the database at .* has an extension in a version that its Postgres server lacks: .*; remedy: install that version/,
		);
		cluster.sql('ALTER DATABASE trm RESET session_preload_libraries');
	});

	it('names the variables of the owner', async () => {
		expect(await refusal({ password: 'wrong', variables: 'DB_OWNER_USER and DB_OWNER_PASSWORD' })).toContain(
			'check DB_OWNER_USER and DB_OWNER_PASSWORD',
		);
	});

	it('has no connection left: it is waited for', async () => {
		cluster.sql('ALTER DATABASE trm CONNECTION LIMIT 0');
		expect(await refusal()).toMatch(
			/^69 Postgres at .* is there and gives no session within 1 s: .*; remedy: see the reason/,
		);
		cluster.sql('ALTER DATABASE trm CONNECTION LIMIT -1');
	});
});

describe('a server that is not there', () => {
	it('is waited for, and named with the reason', async () => {
		const port = await freePort();
		expect(await refusal({ port })).toMatch(
			new RegExp(
				`^69 no answer from Postgres at 127.0.0.1:${port}/trm within 1 s: .*ECONNREFUSED.*; remedy: start it, check DB_HOST and DB_PORT, or raise DB_WAIT_TIMEOUT$`,
			),
		);
		expect(lines).toEqual([expect.stringMatching(/^waiting up to 1 s for Postgres: .*ECONNREFUSED/)]);
	});

	it('has a name that does not resolve', async () => {
		expect(await refusal({ host: 'db.invalid' })).toMatch(
			/^69 no answer from Postgres at db\.invalid:\d+\/trm within 1 s: .*db\.invalid/,
		);
	});

	it('accepts TCP and says nothing', async () => {
		const silent = createServer().listen(0, '127.0.0.1');
		await once(silent, 'listening');
		const { port } = silent.address() as AddressInfo;
		expect(await refusal({ port })).toMatch(/^69 no answer from Postgres at .*:\d+\/trm within 1 s: timeout expired/);
		silent.close();
	});

	it('comes while it is waited for', async () => {
		cluster.crash();
		const opening = open({}, 60);
		setTimeout(() => cluster.start(), 1_000);
		const session = await opening;
		expect(lines.join()).toContain('ECONNREFUSED');
		await session.close();
	});
});

it('speaks TLS as Directus is told to', async () => {
	const certificates = await makeCertificates('IP:127.0.0.1,DNS:localhost');
	const data = join(cluster.directory, 'data');
	writeFileSync(join(data, 'server.crt'), readFileSync(certificates.server.cert));
	// Written as the owner, who alone may read it.
	execFileSync('sh', ['-c', `umask 077; cat >"${data}/server.key"`], {
		...asPostgres,
		input: readFileSync(certificates.server.key),
	});
	cluster.sql('ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf()');

	const ssl = { DB_SSL__CA_FILE: certificates.ca };
	// node-postgres checks an address against the name localhost, in Directus too.
	const session = await open({ ssl: serverLogin(ssl).ssl ?? false });
	expect(await session.rows('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual([{ ssl: true }]);
	await session.close();
	expect(await refusal({ ssl: true })).toMatch(/^69 no answer from Postgres at .*: unable to verify/);
	await certificates.remove();
});

describe('a pooler', () => {
	it('in session mode is taken for a server, settings and lock included', async () => {
		const pooler = await Pooler.start(cluster.url(), 'session');
		const session = await open({ port: pooler.port });
		const other = await open({ port: pooler.port });
		expect(await session.lock('trm.boot', 0, log)).toBe(true);
		expect(await other.lock('trm.boot', 0, log)).toBe(false);
		expect(await session.rows('SHOW statement_timeout')).toEqual([{ statement_timeout: '0' }]);
		await Promise.all([session.close(), other.close()]);
		await pooler.remove();
	});

	it.each(['transaction', 'statement'] as const)('in %s mode is refused', async (mode) => {
		const pooler = await Pooler.start(cluster.url(), mode);
		expect(await refusal({ port: pooler.port })).toMatch(
			/^78 127\.0\.0\.1:\d+\/trm is a pooler that shares one connection between sessions .*; remedy: pool_mode = session/,
		);
		await pooler.remove();
	});

	it('that has no Postgres behind it is no Postgres that is not there', async () => {
		const server = new URL(cluster.url());
		server.port = `${await freePort()}`;
		const pooler = await Pooler.start(server.href, 'session', ['server_login_retry = 0.2', 'query_wait_timeout = 2']);
		expect(await refusal({ port: pooler.port }, 5)).toMatch(
			/^69 the pooler at .* gives no connection to Postgres within 5 s: /,
		);
		await pooler.remove();
	});
});

describe('a session', () => {
	it('is lost when Postgres ends it, and a refused statement is no loss', async () => {
		const session = await open();
		await expect(session.rows('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
		expect(session.isLost).toBe(false);
		cluster.sql(`SELECT pg_terminate_backend(${await session.backend()})`);
		await expect(session.rows('SELECT 1')).rejects.toMatchObject({ name: 'SessionLost' });
		expect(session.isLost).toBe(true);
		await session.close();
	});

	it('that waits for an answer too long counts as lost', async () => {
		const session = await Session.open(login(), { application: 'trm test', waitSeconds: 1, answerWithinMs: 500, log });
		await expect(session.rows('SELECT pg_sleep(5)')).rejects.toMatchObject({ name: 'SessionLost' });
		await session.close();
	});

	it('has our settings whatever the database and the role say', async () => {
		cluster.sql(
			"ALTER DATABASE trm SET statement_timeout = '100ms'; ALTER DATABASE trm SET DateStyle = 'German, DMY'; ALTER ROLE ours SET search_path = trm",
		);
		const session = await open();
		const rows = await session.rows(
			"SELECT current_setting('DateStyle') AS dates, current_setting('search_path') AS path, pg_sleep(0.2)",
		);
		expect(rows).toEqual([expect.objectContaining({ dates: 'ISO, MDY', path: 'public' })]);
		await session.close();
	});
});
