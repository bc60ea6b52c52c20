import type { HookExtensionContext } from '@directus/types';
import { dump } from 'js-yaml';
import type { JobWork } from '../../lib/command.js';
import { EXIT, Stop } from '../../lib/exit-status.js';
import type { Print } from '../../lib/log.js';
import { applyConfig } from '../config/apply.js';
import { diffConfig } from '../config/diff.js';
import { planConfig } from '../config/plan.js';
import type { Deletions, Snapshots } from '../paths.js';
import { applySchema } from './apply.js';
import { findSchemaDrift } from './drift.js';
import type { DriftReport } from './drift-report.js';
import { openSchemaService } from './schema-service.js';

export interface SchemaApplyJob extends Snapshots {
	allow: Deletions;
	dryRun: boolean;
}

export interface SchemaApplyResult {
	/** Of a dry run: whether there are changes. */
	isPending: boolean;
}

/** What `trm schema …` has done by a child with Directus's services. */
export function schemaJobs(context: HookExtensionContext): Record<string, JobWork> {
	return {
		'schema-apply': (options: SchemaApplyJob, print) => apply(context, options, print),
		'schema-drift': (paths: Snapshots) => drift(context, paths),
		'schema-snapshot': () => snapshot(context),
	};
}

async function apply(context: HookExtensionContext, job: SchemaApplyJob, print: Print): Promise<SchemaApplyResult> {
	const { allow, dryRun, ...paths } = job;
	const outcome = await applySchema(context, { ...paths, dryRun, allowDelete: allow.schema, print });
	const schemaPending = outcome === 'pending';

	if (!dryRun) {
		await applyConfig(context, { ...paths, allowDelete: allow.access }, print);
		return { isPending: false };
	}

	const configPending = await planConfig(context, paths, { print, schemaPending });
	return { isPending: schemaPending || configPending };
}

async function drift(context: HookExtensionContext, paths: Snapshots): Promise<DriftReport> {
	const differences = await findSchemaDrift(context, paths.snapshotPath);
	const { same, ...rest } = await diffConfig(context, paths, { schemaPending: differences.length > 0 });

	return {
		same: same && differences.length === 0,
		schema: { path: paths.snapshotPath, differences },
		...rest,
	};
}

const PARTS = ['version', 'directus', 'vendor', 'collections', 'fields', 'relations'];

/** The text that Directus's own command writes. @throws Stop for one that the next apply would break on. */
async function snapshot(context: HookExtensionContext): Promise<string> {
	const service = await openSchemaService(context);
	const captured = await service.snapshot();
	const lacking = PARTS.filter((part) => !(part in captured));
	if (lacking.length > 0) throw new Stop(EXIT.failed, `what was captured is no snapshot (no ${lacking.join(', ')})`);

	if (captured.collections.some(({ collection }) => collection === 'positions')) {
		throw new Stop(
			EXIT.failed,
			'positions is registered as a collection, which would break the next apply; ' +
				"remedy: DELETE FROM directus_collections WHERE collection = 'positions', keep DB_EXCLUDE_TABLES, capture again",
		);
	}

	return dump(captured);
}
