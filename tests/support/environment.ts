import { randomBytes } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, which is also Directus's working directory. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Directus's command line as the entrypoint runs it. */
export const directusCli = resolve(root, 'scripts/lib/directus-cli.mjs');

export const adminEmail = 'admin@example.com';

/** Random for each run: nothing may come to rely on them. */
export const adminPassword = randomBytes(12).toString('hex');

/** The superuser URL of the Postgres that the tests use; each stack has a database of its own on it. */
export function postgresUrl(database = 'postgres'): string {
	const given = process.env['TEST_PG_URL'];
	if (!given) throw new Error('TEST_PG_URL is not set: run the tests through npm test, which starts a Postgres.');

	const url = new URL(given);
	url.pathname = `/${database}`;
	return url.href;
}

/** The login that owns the databases. */
export const owner = { user: 'trm_test_owner', password: 'the-owner-of-the-tests' };

/** The login of a server: in trm_directus, and with no other right. */
export const server = { user: 'trm_test_server', password: 'the-server-of-the-tests' };

/** Of a server that browsers use. All others do without: Directus bundles the app's extensions at each start. */
export const appEnvironment = { SERVE_APP: 'true' };

/** npm test has one for the run; a start of Directus is shorter by a seventh with it. */
const compileCache = process.env['NODE_COMPILE_CACHE'];

/** The environment of a Directus process: the deployer's variables, and of the surrounding shell only what finds Node's code. */
export function directusEnvironment(database: string, port: number, extra: Record<string, string> = {}) {
	const url = new URL(postgresUrl(database));

	return {
		PATH: `${root}/node_modules/.bin:${process.env['PATH']}`,
		HOME: process.env['HOME'] ?? '/tmp',
		...(compileCache ? { NODE_COMPILE_CACHE: compileCache } : {}),
		DB_CLIENT: 'pg',
		DB_HOST: url.hostname,
		DB_PORT: url.port || '5432',
		DB_DATABASE: database,
		DB_USER: owner.user,
		DB_PASSWORD: owner.password,
		DB_EXCLUDE_TABLES: 'positions,spatial_ref_sys',
		DB_SEARCH_PATH: 'public',
		MAX_PAYLOAD_SIZE: '2mb',
		CACHE_SCHEMA_FREEZE_ENABLED: 'true',
		QUERY_LIMIT_MAX: '20000',
		MAX_BATCH_MUTATION: '20000',
		SERVE_APP: 'false',
		EXTENSIONS_ROLLDOWN: 'true',
		SECRET: 'a-secret-of-the-tests-that-is-long-enough-0001',
		ADMIN_EMAIL: adminEmail,
		ADMIN_PASSWORD: adminPassword,
		PROJECT_OWNER: adminEmail,
		PUBLIC_URL: `http://127.0.0.1:${port}`,
		HOST: '127.0.0.1',
		PORT: String(port),
		DIRECTUS_CLI: resolve(root, 'node_modules/directus/cli.js'),
		ECOSYSTEM_FILE: resolve(root, 'scripts/local/ecosystem.config.cjs'),
		REDIS_ENABLED: 'false',
		// It answers 503 when the machine is busy with something else, which says nothing of what is tested.
		PRESSURE_LIMITER_ENABLED: 'false',
		TELEMETRY: 'false',
		AI_ENABLED: 'false',
		MCP_ENABLED: 'false',
		LOG_STYLE: 'raw',
		...extra,
	};
}
