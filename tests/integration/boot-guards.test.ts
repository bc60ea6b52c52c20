import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteFirstBootstrap, verifyFirstBootstrap } from '../../extensions/trm/src/boot/bootstrap.js';
import { checkDatabase, collectionsOf } from '../../extensions/trm/src/boot/check-database.js';
import type { Login } from '../../extensions/trm/src/boot/login.js';
import { Session } from '../../extensions/trm/src/boot/session.js';
import { readDatabaseState } from '../../extensions/trm/src/boot/stored-fingerprint.js';
import { postgresUrl, root } from '../support/environment.js';
import { dropDatabase, onServer } from '../support/templates.js';

let database: string;
const sessions: Session[] = [];
const lines: string[] = [];
const log = { info: (line: string) => void lines.push(line), error: () => undefined };
const snapshot = join(root, 'snapshots/schema.yaml');

beforeEach(async () => {
	database = `trm_guards_${randomBytes(4).toString('hex')}`;
	lines.length = 0;
	await onServer(`CREATE DATABASE ${database}`);
});

afterEach(async () => {
	for (const session of sessions.splice(0)) await session.close();
	await dropDatabase(database);
});

function login(): Login {
	const { hostname: host, port, username: user, password } = new URL(postgresUrl());
	return {
		host,
		port: Number(port || 5432),
		database,
		user,
		password: decodeURIComponent(password),
		variables: 'DB_USER',
	};
}

async function open(): Promise<Session> {
	const session = await Session.open(login(), { application: 'trm test', waitSeconds: 5, log });
	sessions.push(session);
	return session;
}

const check = async () => checkDatabase(await open(), login(), snapshot);
const STATE = `CREATE SCHEMA trm; CREATE TABLE trm.state (key text PRIMARY KEY, value jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());`;

describe('a database that no boot can finish on is refused, with what to do', () => {
	it('is read-only', async () => {
		await onServer(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
		await expect(check()).rejects.toMatchObject({
			status: 78,
			message: expect.stringMatching(
				/is read-only \(default_transaction_read_only is on, from its database\); remedy: .*RESET default_transaction_read_only/,
			),
		});
	});

	it('has another encoding', async () => {
		await dropDatabase(database);
		await onServer(`CREATE DATABASE ${database} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
		await expect(check()).rejects.toMatchObject({
			status: 78,
			message: expect.stringMatching(/has the encoding LATIN1, .*ENCODING 'UTF8'/),
		});
	});

	it('has tables of our names that are of another program; an empty one and our own are taken', async () => {
		await check();
		await onServer('CREATE TABLE events (id integer); CREATE TABLE anothers (id integer)', [], database);
		await expect(check()).rejects.toMatchObject({
			status: 78,
			message: expect.stringContaining('has tables of the names that it makes: 1 tables, such as events; remedy: '),
		});
		await onServer('CREATE SCHEMA trm', [], database);
		await check();
	});

	it('knows the names from the snapshot', () => {
		expect(
			collectionsOf(
				'collections:\n  - collection: events\n    x: 1\n  - collection: entries\nfields:\n  - collection: events\n',
			),
		).toEqual(['events', 'entries']);
	});
});

describe('the first bootstrap', () => {
	it('is discarded where it was interrupted, and kept where it was used since', async () => {
		await onServer(STATE, [], database);
		const session = await open();
		const keys = () => session.rows('SELECT key FROM trm.state');
		await noteFirstBootstrap(session, log);
		expect(lines).toEqual([]);
		expect(await keys()).toEqual([{ key: 'bootstrap.installing' }]);

		await session.run('CREATE TABLE directus_collections (id int); CREATE TABLE directus_users (id int)');
		await noteFirstBootstrap(session, log);
		expect(lines).toEqual(['an interrupted first bootstrap was discarded; it starts afresh']);
		expect(await session.rows("SELECT to_regclass('directus_users') AS users")).toEqual([{ users: null }]);
		expect(await keys()).toHaveLength(1);

		await session.run(
			'CREATE TABLE directus_collections (id int); CREATE TABLE directus_users (id int); INSERT INTO directus_collections VALUES (1)',
		);
		await noteFirstBootstrap(session, log);
		expect(lines).toHaveLength(1);
		expect(await session.rows("SELECT to_regclass('directus_users') AS users")).toEqual([{ users: 'directus_users' }]);
		expect(await keys()).toEqual([]);
	});

	it('is not believed without its tables and a user; the note stays until then', async () => {
		await onServer(`${STATE} INSERT INTO trm.state VALUES ('bootstrap.installing', 'true')`, [], database);
		const session = await open();
		const lacks = (what: string) => ({
			status: 1,
			message: expect.stringContaining(`bootstrap ended well but the database lacks: ${what}; remedy`),
		});
		await expect(verifyFirstBootstrap(session, 'cli.js')).rejects.toMatchObject(
			lacks('the tables directus_users, directus_settings and directus_migrations'),
		);
		await session.run(
			'CREATE TABLE directus_users (id int); CREATE TABLE directus_settings (id int); CREATE TABLE directus_migrations (version text)',
		);
		await expect(verifyFirstBootstrap(session, 'cli.js')).rejects.toMatchObject(lacks('a user'));
		expect((await readDatabaseState(session)).isInstalling).toBe(true);
		await session.run('INSERT INTO directus_users VALUES (1)');
		await verifyFirstBootstrap(session, 'cli.js');
		expect((await readDatabaseState(session)).isInstalling).toBe(false);
	});
});

it('a fingerprint that cannot be read stops the boot with the reason', async () => {
	await onServer('CREATE SCHEMA trm; CREATE TABLE trm.state (key text, content jsonb)', [], database);
	await expect(open().then(readDatabaseState)).rejects.toMatchObject({
		status: 1,
		lines: [
			expect.stringContaining('column "value" does not exist'),
			'boot fingerprint: read-fingerprint.sql failed, see the lines above; remedy: correct the cause and start again',
		],
	});
});
