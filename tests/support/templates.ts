import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { directusEnvironment, owner, postgresUrl, server } from './environment.js';
import { runTrm } from './trm.js';

const DUPLICATE_OBJECT = '42710';
const UNIQUE_VIOLATION = '23505';
const OBJECT_IN_USE = '55006';

const unless =
	(...states: string[]) =>
	(error: unknown): void => {
		if (!states.includes((error as { code?: string }).code ?? '')) throw error;
	};

/** Databases that were booted once; a stack's own is a copy, which costs a second and not a boot. */
export const templateName = (run: string) => `trm_template_${run}`;
export const seededTemplateName = (run: string) => `trm_seeded_${run}`;

/** A SQL statement on the server itself, outside any database of a stack. */
export async function onServer<Row extends pg.QueryResultRow>(
	sql: string,
	values: unknown[] = [],
	database = 'postgres',
): Promise<Row[]> {
	const client = new pg.Client(postgresUrl(database));
	await client.connect();

	try {
		return (await client.query<Row>(sql, values)).rows;
	} finally {
		await client.end();
	}
}

/** As in production the databases belong to a login that is no superuser, and others made roles and extensions for it. */
export async function createOwnedDatabase(database: string): Promise<void> {
	for (const role of [
		'trm_directus NOLOGIN',
		'trm_processor NOLOGIN',
		`${owner.user} LOGIN PASSWORD '${owner.password}'`,
		`${server.user} LOGIN PASSWORD '${server.password}' IN ROLE trm_directus`,
	]) {
		// Another run on this server may have made it, or be at it.
		await onServer(`CREATE ROLE ${role}`).catch(unless(DUPLICATE_OBJECT, UNIQUE_VIOLATION));
	}

	await onServer(`CREATE DATABASE ${database} OWNER ${owner.user}`);
	const extensions = `CREATE EXTENSION postgis; CREATE EXTENSION btree_gist;
		DO $$ BEGIN
			IF EXISTS (SELECT FROM pg_settings WHERE name = 'timescaledb.disable_load') THEN CREATE EXTENSION timescaledb; END IF;
		END $$`;
	await onServer(extensions, [], database);
}

export async function cloneDatabase(template: string): Promise<string> {
	const database = `trm_test_${randomBytes(6).toString('hex')}`;
	const sql = `CREATE DATABASE ${database} TEMPLATE ${template} OWNER ${owner.user}`;

	// TimescaleDB's scheduler connects to each database for a moment, and one that somebody is connected to cannot be copied.
	for (let attempt = 1; attempt < 10; attempt += 1) {
		try {
			await onServer(sql);
			return database;
		} catch (error) {
			unless(OBJECT_IN_USE)(error);
			await sleep(200);
		}
	}

	await onServer(sql);
	return database;
}

export async function dropDatabase(database: string): Promise<void> {
	await onServer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
}

/** A small race day: every kind of fault, and little enough to be loaded in seconds. */
export const SEED_ARGUMENTS = ['seed', 'load', 'seeds/rally-albania-2026'];

/** The seeded template, made when the first test asks for it: a second one that asks meanwhile waits for that. */
export async function seededTemplate(run: string): Promise<string> {
	const lock = new pg.Client(postgresUrl());
	await lock.connect();

	try {
		await lock.query('SELECT pg_advisory_lock(hashtext($1))', [seededTemplateName(run)]);
		return await findOrMakeSeededTemplate(run);
	} finally {
		await lock.end();
	}
}

async function findOrMakeSeededTemplate(run: string): Promise<string> {
	const name = seededTemplateName(run);
	const existing = await onServer('SELECT FROM pg_database WHERE datname = $1', [name]);
	if (existing.length > 0) return name;

	const database = await cloneDatabase(templateName(run));
	const { code, output } = await runTrm(SEED_ARGUMENTS, directusEnvironment(database, 0));

	if (code !== 0) throw new Error(`the seed did not load (exit ${code}):\n${output}`);
	await onServer(`ALTER DATABASE ${database} RENAME TO ${name}`);
	return name;
}
