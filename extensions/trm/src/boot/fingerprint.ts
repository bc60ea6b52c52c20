import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Environment } from './settings.js';
import { bundleOf } from './surroundings.js';

/** What steps 2-4 work from. `tables`, the state of Directus's own tables, is added from the database. */
export interface Fingerprint {
	directus: string;
	migrations: string;
	snapshots: string;
	code: string;
}

/** Where something cannot be read, nothing is known to be unchanged: the parts are null and `problem` says why. */
export interface ImageState {
	directus: string;
	parts: Fingerprint | null;
	problem: string | null;
}

class Unreadable extends Error {}

/** @param root the directory of entrypoint.sh */
export function readImageState(env: Environment, root: string): ImageState {
	const cli = env['DIRECTUS_CLI'] ?? '';
	const directus = directusVersion(cli);
	const unknown = (problem: string) => ({ directus, parts: null, problem });
	if (directus === '') return unknown(`no version of Directus is found beside ${cli}`);
	if (env['EXTENSIONS_LOCATION'])
		return unknown('the bundle lies in EXTENSIONS_LOCATION, where its changes are not seen');

	try {
		return { directus, parts: { directus, ...digests(env, root) }, problem: null };
	} catch (error) {
		if (error instanceof Unreadable) return unknown(error.message);
		throw error;
	}
}

function digests(env: Environment, root: string): Omit<Fingerprint, 'directus'> {
	const migrations = env['DB_INIT_PATH'] ?? '';
	const sql = ['', 'after-schema', 'current'].flatMap((folder) => entriesOf(join(migrations, folder)));
	const scripts = ['scripts', 'scripts/lib'].flatMap((folder) => entriesOf(join(root, folder)));

	return {
		migrations: digestOf(sql.filter((path) => path.endsWith('.sql'))),
		snapshots: digestOf(['SNAPSHOT_PATH', 'ACCESS_PATH', 'SETTINGS_PATH'].map((name) => env[name] ?? '')),
		code: digestOf([
			bundleOf(env),
			join(root, 'extensions/trm/dist/trm.js'),
			join(root, 'entrypoint.sh'),
			...scripts,
			...entriesOf(env['MIGRATIONS_PATH'] || './migrations'),
		]),
	};
}

function entriesOf(folder: string): string[] {
	try {
		return readdirSync(folder)
			.sort()
			.map((name) => join(folder, name));
	} catch {
		return [];
	}
}

/** SHA-256 over names and contents. An absent file counts by its absence; a link to nowhere is a mistake that its step reports. */
function digestOf(paths: string[]): string {
	const digest = createHash('sha256');

	for (const path of paths) {
		try {
			if (isAbsent(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
			digest.update(`${sha256(readFileSync(path))} ${basename(path)}\n`);
		} catch {
			throw new Unreadable(`not all of ${paths.join(' ')} can be read`);
		}
	}

	return digest.digest('hex');
}

const isAbsent = (path: string) => lstatSync(path, { throwIfNoEntry: false }) === undefined;

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** From the package.json beside cli.js, or from the package below it where that cli.js is a wrapper's. */
function directusVersion(cli: string): string {
	try {
		const directory = dirname(realpathSync(cli));

		for (const path of ['package.json', 'node_modules/directus/package.json']) {
			const { name, version } = readPackage(join(directory, path));
			if (name === 'directus' && typeof version === 'string') return version;
		}
	} catch {
		// No such cli.js.
	}

	return '';
}

function readPackage(path: string): { name?: unknown; version?: unknown } {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return {};
	}
}
