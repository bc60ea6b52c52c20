import type { HookExtensionContext } from '@directus/types';
import type * as SeedTool from '../../../../tools/seed/index.js';
import type { JobWork } from '../lib/command.js';
import { openSeedTool } from './seed-tool.js';

export interface SeedLoadJob extends ReturnType<typeof SeedTool.parseLoadFlags> {
	root: string;
	directory: string;
}

/** What `trm seed load` has done by a child with Directus's services. */
export function seedJobs(context: HookExtensionContext): Record<string, JobWork> {
	return {
		'seed-load': async ({ root, ...options }: SeedLoadJob, print) => {
			const { loadSeed } = await openSeedTool(root);
			await loadSeed(context, { ...options, print });
		},
	};
}
