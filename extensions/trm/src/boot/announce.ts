import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../lib/log.js';

/** The first line of the log: which image wrote it. */
export function announce(log: Log, root: string): void {
	const build = readBuild(root);
	if (build === null) log.info(`TRM Directus from the checkout ${root}`);
	else log.info(`TRM Directus ${build.version} (revision ${build.revision}, Directus ${build.directus})`);
}

/** build.json of the image; a checkout has none. */
function readBuild(root: string): { version: string; revision: string; directus: string } | null {
	try {
		return JSON.parse(readFileSync(join(root, 'build.json'), 'utf8'));
	} catch {
		return null;
	}
}
