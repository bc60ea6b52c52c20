import { resolve } from 'node:path';
import { z } from 'zod';
import { parseEnvironment } from '../lib/environment.js';

const environment = z.object({
	MIGRATION_LEDGER_CHECK: z.enum(['enforce', 'warn']).default('enforce'),
	DB_INIT_PATH: z.string().min(1).default('db-init'),
});

export interface MigrationLedgerEnvironment {
	enforce: boolean;
	/** Absolute path of the baked migrations; `after-schema/` lies inside it. */
	dbInitPath: string;
}

/** @throws Error naming the variable. */
export function parseMigrationLedgerEnvironment(env: Record<string, unknown>): MigrationLedgerEnvironment {
	const parsed = parseEnvironment(environment, env);

	return { enforce: parsed.MIGRATION_LEDGER_CHECK === 'enforce', dbInitPath: resolve(parsed.DB_INIT_PATH) };
}
