import { resolve } from 'node:path';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { listMigrations, prefixOf, readMigration } from '../../migration-ledger/migration-files.js';
import {
	kindOf,
	problemOfBytes,
	problemOfName,
	problemOfOptions,
	sharedNumbers,
	type Migration,
} from './check-file.js';

/** What the ledger and the messages need to know of a directory, and its files. */
export interface Directory {
	path: string;
	prefix: string;
	migrations: Migration[];
}

/** @throws Stop that names all that is wrong with names, bytes and options; nothing was asked of the database. */
export async function readDirectory(directory: string): Promise<Directory> {
	const path = resolve(directory);
	const prefix = prefixOf(path);
	const names = await listMigrations(path).catch(() => {
		throw new Stop(EXIT.configuration, `no directory ${directory}; remedy: check the argument or DB_INIT_PATH`);
	});
	const filenames = names.map((name) => `${prefix}${name}`);
	const read = await Promise.all(names.map((name) => readOne(path, name, prefix)));
	const problems = [...sharedNumbers(filenames), ...read.filter((one) => typeof one === 'string')].sort();

	if (problems.length > 0) throw new Stop(EXIT.failed, ...problems, 'nothing was applied');
	return { path, prefix, migrations: read.filter((one) => typeof one !== 'string') };
}

/** @returns the file, or what is wrong with it. */
async function readOne(path: string, name: string, prefix: string): Promise<Migration | string> {
	const filename = `${prefix}${name}`;
	const wrongName = problemOfName(filename);
	if (wrongName !== undefined) return wrongName;

	const file = await readMigration(path, name, prefix).catch(() => undefined);
	if (file === undefined)
		return `${filename}: cannot be read as user ${process.getuid?.()}; remedy: correct its owner or mode`;

	const text = file.content.toString();
	return problemOfBytes(file) ?? problemOfOptions(filename, text) ?? { ...file, kind: kindOf(filename, text), text };
}
