import type { HookExtensionContext } from '@directus/types';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { tellPlan, type Print } from '../../lib/log.js';
import { readYamlFile } from '../../lib/yaml-file.js';
import { invalidateBootFingerprint } from '../boot-fingerprint.js';
import { planOf, refusalsOf } from './plan.js';
import { openSchemaService } from './schema-service.js';

export interface SchemaApplyOptions {
	snapshotPath: string;
	dryRun: boolean;
	allowDelete: boolean;
	print: Print;
}

/** `none`: the live schema equals the snapshot. `pending`: a dry run that found changes. */
export type SchemaOutcome = 'none' | 'pending' | 'applied';

/**
 * Brings the live schema to the snapshot: plan, guard against the loss of data, apply in one transaction, verify.
 * The stock `schema apply` exits 0 in cases where nothing was applied, so the outcome is read back.
 * @throws Stop or Error with the remedy where the plan is refused or the outcome differs.
 */
export async function applySchema(context: HookExtensionContext, options: SchemaApplyOptions): Promise<SchemaOutcome> {
	const { snapshotPath, dryRun, allowDelete, print } = options;
	const snapshot = await readYamlFile(snapshotPath);

	// Comments alone declare nothing, as white space does.
	if (snapshot === null || (snapshot.content ?? null) === null) {
		print(`schema: skipped, ${snapshotPath} is absent or empty`);
		return 'none';
	}

	const service = await openSchemaService(context);
	const current = await service.snapshot();
	const diff = await service.diff(snapshot.content, { currentSnapshot: current });
	const plan = planOf(diff);

	if (diff === null) {
		print('schema: no changes');
		return 'none';
	}

	tellPlan(plan.lines, print);

	const refusals = refusalsOf(plan, allowDelete);
	if (refusals.length > 0) throw new Stop(EXIT.failed, ...refusals);

	if (dryRun) {
		print(`schema: ${plan.summary} pending`);
		return 'pending';
	}

	await invalidateBootFingerprint(context.database);
	await service.apply({ hash: service.getHashedSnapshot(current).hash, diff });

	const rest = planOf(await service.diff(snapshot.content, { currentSnapshot: await service.snapshot() }));

	if (rest.lines.length > 0) {
		throw new Error(
			`the snapshot was applied, but ${rest.lines.length} differences remain: ${rest.lines.join('; ')}. ` +
				'Compare the snapshot with the database; an index or table made by hand is the usual cause.',
		);
	}

	print(`schema: ${plan.summary} written and verified`);
	return 'applied';
}
