import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { directusCli, directusEnvironment, postgresUrl, root } from './environment.js';
import { runToEnd } from './processes.js';

/** Databases that were booted once; a stack's own is a copy, which costs a second and not a boot. */
export const templateName = (run: string) => `trm_template_${run}`;
export const seededTemplateName = (run: string) => `trm_seeded_${run}`;

/** A SQL statement on the server itself, outside any database of a stack. */
export async function onServer<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
	const client = new pg.Client(postgresUrl());
	await client.connect();

	try {
		return (await client.query<Row>(sql, values)).rows;
	} finally {
		await client.end();
	}
}

export async function cloneDatabase(template: string): Promise<string> {
	const database = `trm_test_${randomBytes(6).toString('hex')}`;
	await onServer(`CREATE DATABASE ${database} TEMPLATE ${template}`);
	return database;
}

export async function dropDatabase(database: string): Promise<void> {
	await onServer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
}

/** A small race day: every kind of fault, and little enough to be loaded in seconds. */
export const SEED_ARGUMENTS = ['trm', 'seed', 'load', 'seeds/rally-albania-2026'];

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
	const { code, output } = await runToEnd('node', [directusCli, ...SEED_ARGUMENTS], {
		cwd: root,
		env: directusEnvironment(database, 0),
	});

	if (code !== 0) throw new Error(`the seed did not load (exit ${code}):\n${output}`);
	await onServer(`ALTER DATABASE ${database} RENAME TO ${name}`);
	return name;
}
