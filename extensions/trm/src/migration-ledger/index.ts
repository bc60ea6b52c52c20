import { defineHook } from '@directus/extensions-sdk';
import { exitOnUnusableEnvironment } from '../lib/environment.js';
import { EXIT } from '../lib/exit-status.js';
import { checkMigrationLedger } from './check.js';
import { parseMigrationLedgerEnvironment } from './env.js';

/** Refuses to serve on a database that is not this image's. */
export default defineHook(({ init }, { database, env, logger }) => {
	// A throw in an init hook is swallowed and the server starts all the same: refusing means exiting.
	init('app.before', async () => {
		const { enforce, dbInitPath } = exitOnUnusableEnvironment(logger, 'migration-ledger', () =>
			parseMigrationLedgerEnvironment(env),
		);

		const problems = await checkMigrationLedger(database, dbInitPath);
		if (problems.length === 0) return;

		for (const { code, message } of problems) {
			logger[enforce ? 'error' : 'warn'](`[migration-ledger] ${code}: ${message}`);
		}

		if (enforce) process.exit(EXIT.configuration);
		logger.warn('[migration-ledger] serving all the same, because MIGRATION_LEDGER_CHECK=warn');
	});
});
