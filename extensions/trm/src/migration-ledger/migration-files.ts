import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Edited in place, and applied again by the next boot: the one thing that may differ from what an older image carries. */
export const REPEATABLE = 'current/';

/** A migration as the ledger names it (`002_positions.sql`, `after-schema/001_uniques.sql`) and its SHA-256 in hex. */
export interface Migration {
	filename: string;
	sha256: string;
}

const DIRECTORIES = ['', 'after-schema/', REPEATABLE];

/**
 * Reads the migrations that this image carries.
 * The hash leaves carriage returns out, as scripts/apply-db-init.sh does, so that a checkout's line endings do not count.
 * @throws Error (ENOENT) where the directory does not exist.
 */
export async function readMigrationFiles(dbInitPath: string): Promise<Migration[]> {
	const perDirectory = await Promise.all(
		DIRECTORIES.map(async (prefix) => {
			const names = (await readdir(join(dbInitPath, prefix))).filter((name) => name.endsWith('.sql')).sort();

			return Promise.all(
				names.map(async (name) => ({
					filename: `${prefix}${name}`,
					sha256: hashOf(await readFile(join(dbInitPath, prefix, name))),
				})),
			);
		}),
	);

	return perDirectory.flat();
}

const CARRIAGE_RETURN = 0x0d;

function hashOf(content: Buffer): string {
	return createHash('sha256')
		.update(content.filter((byte) => byte !== CARRIAGE_RETURN))
		.digest('hex');
}
