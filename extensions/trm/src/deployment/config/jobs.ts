import type { HookExtensionContext } from '@directus/types';
import type { JobWork } from '../../lib/command.js';
import type { Snapshots } from '../paths.js';
import { applyConfig, type ConfigApplyOptions } from './apply.js';
import { diffConfig } from './diff.js';
import { snapshotAccess } from './snapshot.js';

export type ConfigApplyJob = ConfigApplyOptions;

/** What `trm config …` has done by a child with Directus's services. */
export function configJobs(context: HookExtensionContext): Record<string, JobWork> {
	return {
		'config-apply': (options: ConfigApplyJob, print) => applyConfig(context, options, print),
		'config-diff': (paths: Snapshots) => diffConfig(context, paths, { schemaPending: false }),
		'config-snapshot': ({ accessPath }: Snapshots) => snapshotAccess(context, accessPath),
	};
}
