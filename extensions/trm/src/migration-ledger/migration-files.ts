import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Edited in place, and applied again by the next boot: the one thing that may differ from what an older image carries. */
export const REPEATABLE = 'current/';

/** A migration as the ledger names it (`002_positions.sql`, `after-schema/001_uniques.sql`) and its SHA-256 in hex. */
export interface Migration {
	filename: string;
	sha256: string;
}

/** Without carriage returns: a checkout's line endings do not count, neither for the hash nor for what runs. */
export interface MigrationFile extends Migration {
	content: Buffer;
}

const DIRECTORIES = ['', 'after-schema/', REPEATABLE];

/** What the ledger puts before the names of a directory's files: "after-schema/", "current/" or nothing. */
export function prefixOf(directory: string): string {
	const prefix = `${basename(directory)}/`;
	return DIRECTORIES.includes(prefix) ? prefix : '';
}

/** `after-schema/` of `after-schema/001_uniques.sql` */
export const directoryOf = (filename: string): string => filename.slice(0, filename.lastIndexOf('/') + 1);

/**
 * @returns the names in a directory that a shell's *.sql would find, in the order of application.
 * @throws Error (ENOENT) where the directory does not exist.
 */
export async function listMigrations(directory: string): Promise<string[]> {
	return (await readdir(directory)).filter((name) => /^[^.].*\.sql$/s.test(name)).sort();
}

export async function readMigration(directory: string, name: string, prefix: string): Promise<MigrationFile> {
	const content = Buffer.from((await readFile(join(directory, name), 'latin1')).replaceAll('\r', ''), 'latin1');
	return { filename: `${prefix}${name}`, sha256: createHash('sha256').update(content).digest('hex'), content };
}

/**
 * Reads the migrations that this image carries.
 * @throws Error (ENOENT) where a directory does not exist.
 */
export async function readMigrationFiles(dbInitPath: string): Promise<Migration[]> {
	const perDirectory = await Promise.all(
		DIRECTORIES.map(async (prefix) => {
			const directory = join(dbInitPath, prefix);
			const names = await listMigrations(directory);
			return Promise.all(names.map((name) => readMigration(directory, name, prefix)));
		}),
	);

	return perDirectory.flat();
}
