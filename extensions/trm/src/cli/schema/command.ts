import { writeFile } from 'node:fs/promises';
import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import { applySettings, planSettings } from '../settings/apply.js';
import { findSettingsDrift } from '../settings/drift.js';
import { runCommand, type Print } from '../run-command.js';
import { applySchema } from './apply.js';
import { findSchemaDrift } from './drift.js';
import { linesOf, type DriftReport } from './drift-report.js';
import { ensureEventTriggers } from './event-triggers.js';
import { parseSchemaEnvironment, type SchemaEnvironment } from './env.js';

interface PathFlags {
	snapshot?: string;
	settings?: string;
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
		.description('bring collections, fields, relations and settings to what the snapshots declare')
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
		.option('--settings <path>', 'default: SETTINGS_PATH');
}

function environmentOf({ env }: HookExtensionContext, { snapshot, settings }: PathFlags): SchemaEnvironment {
	return parseSchemaEnvironment({
		...env,
		...(snapshot === undefined ? {} : { SNAPSHOT_PATH: snapshot }),
		...(settings === undefined ? {} : { SETTINGS_PATH: settings }),
	});
}

async function apply(context: HookExtensionContext, flags: ApplyFlags, print: Print): Promise<number> {
	const environment = environmentOf(context, flags);
	const { settingsPath } = environment;
	const outcome = await applySchema(context, { ...environment, dryRun: flags.dryRun, print });

	if (flags.dryRun) {
		const settings = await planSettings(context, { settingsPath, print, schemaPending: outcome === 'pending' });
		return outcome === 'pending' || settings === 'pending' ? PENDING : 0;
	}

	await ensureEventTriggers(context.database, print);
	await applySettings(context, { settingsPath, print });
	return 0;
}

async function drift(context: HookExtensionContext, flags: DriftFlags, print: Print): Promise<number> {
	const { snapshotPath, settingsPath } = environmentOf(context, flags);
	const schema = await findSchemaDrift(context, snapshotPath);
	const settings = await findSettingsDrift(context, settingsPath);
	const same = schema.length === 0 && (settings ?? []).length === 0;

	const report: DriftReport = {
		same,
		schema: { path: snapshotPath, differences: schema },
		settings: settings === null ? null : { path: settingsPath, differences: settings },
	};

	if (flags.report === undefined) linesOf(report).forEach(print);
	else await writeFile(flags.report, `${JSON.stringify(report, null, '\t')}\n`);

	return same ? 0 : PENDING;
}
