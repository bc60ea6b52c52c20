import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from './settings.js';

/** What is wrong around the process: directories, files and programs that the boot or the server will need. */
export function problemsAround(env: Environment, directory: string, root: string): string[] {
	return [
		...unwritable('TMPDIR', env['TMPDIR'] || '/tmp'),
		...unwritable('PM2_HOME', env['PM2_HOME'] || `${env['HOME'] ?? ''}/.pm2`),
		...(env['TEMP_PATH'] ? unwritable('TEMP_PATH', env['TEMP_PATH']) : []),
		...(isOnPath('pm2-runtime', env) ? [] : ['no pm2-runtime on PATH; remedy: install it, or correct PATH']),
		...['DIRECTUS_CLI', 'ECOSYSTEM_FILE']
			.filter((name) => !isFile(env[name] ?? ''))
			.map((name) => `no file ${env[name]}; remedy: correct DIRECTUS_CLI or ECOSYSTEM_FILE`),
		...workingDirectory(env, directory, root),
	];
}

/** Directus looks for both from its working directory, and without them step 3 would fail on a migrated database. */
function workingDirectory(env: Environment, directory: string, root: string): string[] {
	if (!isFile(join(directory, 'package.json'))) {
		const remedy = `start from the directory that holds it, such as ${root}`;
		return [`no package.json in the working directory ${directory}; remedy: ${remedy}`];
	}

	const bundle = bundleOf(env);
	if (env['EXTENSIONS_LOCATION'] || existsSync(bundle)) return [];
	const remedy = 'build extensions/trm, or correct EXTENSIONS_PATH';
	return [`the bundle is not built: no ${bundle} seen from ${directory}; remedy: ${remedy}`];
}

/** What Directus loads. */
export const bundleOf = (env: Environment): string => `${env['EXTENSIONS_PATH'] || './extensions'}/trm/dist/api.js`;

/** pm2 with a home that it cannot write to stays up and never serves. */
function unwritable(name: string, directory: string): string[] {
	try {
		mkdirSync(directory, { recursive: true });
		accessSync(directory, constants.W_OK);
		return [];
	} catch {
		const remedy = `under a read-only root mount a tmpfs there (--tmpfs /tmp), or set ${name} to a directory that it can write to`;
		return [`user ${process.getuid?.()} cannot write to ${directory}; remedy: ${remedy}`];
	}
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isOnPath(program: string, env: Environment): boolean {
	return (env['PATH'] ?? '').split(delimiter).some((directory) => isFile(join(directory, program)));
}
