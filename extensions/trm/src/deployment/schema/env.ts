import { resolve } from 'node:path';
import { z } from 'zod';
import { parseEnvironment } from '../../lib/environment.js';

const environment = z.object({
	SNAPSHOT_PATH: z.string().min(1).default('snapshots/schema.yaml'),
	/** Data is lost with a collection or field: deleting one must be asked for. */
	SCHEMA_APPLY_ALLOW_DELETE: z.union([z.boolean(), z.stringbool()]).default(false),
});

export interface SchemaEnvironment {
	snapshotPath: string;
	allowDelete: boolean;
}

/** @throws Error naming the variable. */
export function parseSchemaEnvironment(env: Record<string, unknown>): SchemaEnvironment {
	const parsed = parseEnvironment(environment, env);

	return {
		snapshotPath: resolve(parsed.SNAPSHOT_PATH),
		allowDelete: parsed.SCHEMA_APPLY_ALLOW_DELETE,
	};
}
