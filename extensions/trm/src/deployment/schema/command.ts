import { resolve } from 'node:path';
import type { Command } from 'commander';
import { different, printerOf, type Runtime } from '../../lib/command.js';
import { EXIT } from '../../lib/exit-status.js';
import { allowedDeletions, hasContent, pathsOf, withPaths, type PathFlags } from '../paths.js';
import { replaceFile } from '../replace-file.js';
import { linesOf, type DriftReport } from './drift-report.js';
import type { SchemaApplyJob, SchemaApplyResult } from './jobs.js';

interface ApplyFlags extends PathFlags {
	dryRun: boolean;
}

interface DriftFlags extends PathFlags {
	json: boolean;
}

/** `trm schema …`: the schema as code; `apply` is step 3 of the boot. */
export function registerSchemaCommands(program: Command, runtime: Runtime): void {
	const schema = program.command('schema').description('the schema as code, with access and settings');

	withPaths(schema.command('apply'))
		.description('bring collections, fields, relations, access and settings to what the snapshots declare')
		.option(
			'--dry-run',
			'print the plan only; exit 1 where changes are pending, 70 where that could not be found out',
			false,
		)
		.action((flags: ApplyFlags) => apply(runtime, flags));

	withPaths(schema.command('drift'))
		.description('compare the database with the snapshots; exit 0 the same, 1 different, else nothing is known')
		.option('--json', 'the report as JSON', false)
		.action((flags: DriftFlags) => drift(runtime, flags));

	schema
		.command('snapshot')
		.description('capture the schema of the database, as a file or on stdout')
		.argument('[file]', 'where to; - for stdout; default: SNAPSHOT_PATH')
		.action((file?: string) => snapshot(runtime, file));
}

async function apply(runtime: Runtime, { dryRun, ...flags }: ApplyFlags): Promise<void> {
	const options: SchemaApplyJob = { ...pathsOf(runtime, flags), allow: allowedDeletions(runtime.env), dryRun };

	if (!hasContent(options.snapshotPath)) {
		runtime.out(`no snapshot at ${options.snapshotPath} (absent or empty): skipped\n`);
		return;
	}

	const failed = dryRun ? EXIT.notCompared : EXIT.failed;
	const job = { job: 'schema-apply', options, failed };
	const { isPending } = await runtime.runJob<SchemaApplyResult>(job, printerOf(runtime, dryRun));
	if (isPending) throw different();
}

async function drift(runtime: Runtime, { json, ...flags }: DriftFlags): Promise<void> {
	const job = { job: 'schema-drift', options: pathsOf(runtime, flags), failed: EXIT.notCompared };
	const report = await runtime.runJob<DriftReport>(job, printerOf(runtime, false));
	if (json) runtime.out(`${JSON.stringify(report, null, '\t')}\n`);
	else for (const line of linesOf(report)) runtime.out(`${line}\n`);
	if (!report.same) throw different();
}

async function snapshot(runtime: Runtime, file?: string): Promise<void> {
	const target = file === undefined ? pathsOf(runtime, {}).snapshotPath : file;
	const job = { job: 'schema-snapshot', options: {}, failed: EXIT.failed };
	const text = await runtime.runJob<string>(job, printerOf(runtime, false));
	if (target === '-') runtime.out(text);
	else await replaceFile(resolve(runtime.directory, target), text, runtime.log);
}
