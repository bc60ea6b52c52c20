import { writeFile } from 'node:fs/promises';
import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import { applyConfig } from '../config/apply.js';
import { diffConfig } from '../config/diff.js';
import { parseConfigEnvironment, type ConfigEnvironment, type ConfigFlags } from '../config/env.js';
import { planConfig } from '../config/plan.js';
import { runCommand, type Print } from '../../lib/run-command.js';
import { applySchema } from './apply.js';
import { findSchemaDrift } from './drift.js';
import { linesOf, type DriftReport } from './drift-report.js';
import { parseSchemaEnvironment, type SchemaEnvironment } from './env.js';

interface PathFlags extends Omit<ConfigFlags, 'allowDelete'> {
	snapshot?: string;
}

interface ApplyFlags extends PathFlags {
	dryRun: boolean;
}

interface DriftFlags extends PathFlags {
	report?: string;
}

/** Exit status of a dry run that found changes, and of a comparison that found differences. */
const PENDING = 2;

/** `trm schema apply` (boot step 3) and `trm schema drift`, each in one Directus process. */
export function registerSchemaCommands(trm: Command, context: HookExtensionContext): void {
	const schema = trm.command('schema').description('the schema as code');

	withPaths(schema.command('apply'))
		.description('bring collections, fields, relations, access and settings to what the snapshots declare')
		.option('--dry-run', 'print the plan only; exit 0 for none, 2 for pending changes', false)
		.action((flags: ApplyFlags) => runCommand(context, 'schema', (print) => apply(context, flags, print)));

	withPaths(schema.command('drift'))
		.description('compare the database with the snapshots; exit 0 the same, 2 different')
		.option('--report <path>', 'write the differences to this file, as JSON')
		.action((flags: DriftFlags) => runCommand(context, 'schema-drift', (print) => drift(context, flags, print)));
}

function withPaths(command: Command): Command {
	return command
		.option('--snapshot <path>', 'default: SNAPSHOT_PATH')
		.option('--access <path>', 'default: ACCESS_PATH')
		.option('--settings <path>', 'default: SETTINGS_PATH');
}

interface Environments {
	schema: SchemaEnvironment;
	config: ConfigEnvironment;
}

function environmentsOf({ env }: HookExtensionContext, { snapshot, ...flags }: PathFlags): Environments {
	return {
		schema: parseSchemaEnvironment({ ...env, ...(snapshot === undefined ? {} : { SNAPSHOT_PATH: snapshot }) }),
		config: parseConfigEnvironment(env, flags),
	};
}

async function apply(context: HookExtensionContext, { dryRun, ...flags }: ApplyFlags, print: Print): Promise<number> {
	const { schema, config } = environmentsOf(context, flags);
	const outcome = await applySchema(context, { ...schema, dryRun, print });

	if (dryRun) {
		const planned = await planConfig(context, config, { print, schemaPending: outcome === 'pending' });
		return outcome === 'pending' || planned === 'pending' ? PENDING : 0;
	}

	await applyConfig(context, config, print);
	return 0;
}

async function drift(context: HookExtensionContext, flags: DriftFlags, print: Print): Promise<number> {
	const { schema, config } = environmentsOf(context, flags);
	const { snapshotPath } = schema;
	const differences = await findSchemaDrift(context, snapshotPath);
	const { same, ...rest } = await diffConfig(context, config, { schemaPending: differences.length > 0 });

	const report: DriftReport = {
		same: same && differences.length === 0,
		schema: { path: snapshotPath, differences },
		...rest,
	};

	if (flags.report === undefined) linesOf(report).forEach(print);
	else await writeFile(flags.report, `${JSON.stringify(report, null, '\t')}\n`);

	return report.same ? 0 : PENDING;
}
