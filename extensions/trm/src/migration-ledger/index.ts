import { defineHook } from '@directus/extensions-sdk';
import { messageOf } from '../shared/errors.js';
import { checkMigrationLedger } from './check.js';
import { parseMigrationLedgerEnvironment, type MigrationLedgerEnvironment } from './env.js';

/** sysexits' EX_CONFIG, the same as entrypoint.sh's for a configuration it refuses. */
const EXIT_CONFIG = 78;

/** Refuses to serve on a database that is not this image's. */
export default defineHook(({ init }, { database, env, logger }) => {
	// A throw in an init hook is swallowed and the server starts all the same: refusing means exiting.
	init('app.before', async () => {
		let environment: MigrationLedgerEnvironment;

		try {
			environment = parseMigrationLedgerEnvironment(env);
		} catch (error) {
			logger.error(`[migration-ledger] ${messageOf(error)}`);
			process.exit(EXIT_CONFIG);
		}

		const problems = await checkMigrationLedger(database, environment.dbInitPath);
		if (problems.length === 0) return;

		for (const { code, message } of problems) {
			logger[environment.enforce ? 'error' : 'warn'](`[migration-ledger] ${code}: ${message}`);
		}

		if (environment.enforce) process.exit(EXIT_CONFIG);
		logger.warn('[migration-ledger] serving all the same, because MIGRATION_LEDGER_CHECK=warn');
	});
});
