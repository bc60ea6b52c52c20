import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as SeedTool from '../../../../tools/seed/index.js';
import { messageOf } from '../lib/errors.js';
import { EXIT, Stop } from '../lib/exit-status.js';

/** The generator is no part of the bundle. @throws Stop where it is not built. */
export async function openSeedTool(root: string): Promise<typeof SeedTool> {
	const path = join(root, 'tools/seed/dist/seed.js');

	try {
		return await import(pathToFileURL(path).href);
	} catch (error) {
		const reason = messageOf(error);
		throw new Stop(EXIT.configuration, `the seed generator cannot be loaded: ${reason}; remedy: npm run build`);
	}
}
