import type { Command } from 'commander';
import { different, printerOf, type Runtime } from '../../lib/command.js';
import { EXIT } from '../../lib/exit-status.js';
import { allowedDeletions, pathsOf, withAccessPaths, type PathFlags } from '../paths.js';
import { replaceFile } from '../replace-file.js';
import { configLinesOf, type ConfigReport } from './report.js';
import type { ConfigApplyJob } from './jobs.js';
import type { AccessSnapshot } from './snapshot.js';

interface ApplyFlags extends PathFlags {
	allowDelete: boolean;
}

interface DiffFlags extends PathFlags {
	json: boolean;
}

interface SnapshotFlags extends PathFlags {
	write: boolean;
}

/** `trm config …`: access and settings as code. */
export function registerConfigCommands(program: Command, runtime: Runtime): void {
	const config = program.command('config').description('roles, policies, permissions and settings as code');

	withAccessPaths(config.command('apply'))
		.description('bring access and settings to what the files declare, both in one transaction')
		.option('--allow-delete', 'delete roles and policies that the file declared before (ACCESS_ALLOW_DELETE)', false)
		.action((flags: ApplyFlags) => apply(runtime, flags));

	withAccessPaths(config.command('diff'))
		.description('compare the database with the files; exit 0 the same, 1 different, else nothing is known')
		.option('--json', 'the report as JSON', false)
		.action((flags: DiffFlags) => diff(runtime, flags));

	withAccessPaths(config.command('snapshot'))
		.description('print what the access file declares, as the database has it now')
		.option('--write', 'write it into the access file', false)
		.action((flags: SnapshotFlags) => snapshot(runtime, flags));
}

async function apply(runtime: Runtime, { allowDelete, ...flags }: ApplyFlags): Promise<void> {
	const options: ConfigApplyJob = {
		...pathsOf(runtime, flags),
		allowDelete: allowDelete || allowedDeletions(runtime.env).access,
	};

	await runtime.runJob({ job: 'config-apply', options, failed: EXIT.failed }, printerOf(runtime, true));
}

async function diff(runtime: Runtime, { json, ...flags }: DiffFlags): Promise<void> {
	const job = { job: 'config-diff', options: pathsOf(runtime, flags), failed: EXIT.notCompared };
	const report = await runtime.runJob<ConfigReport>(job, printerOf(runtime, false));
	const lines = () => [...configLinesOf(report), report.same ? 'no differences' : 'there are differences'];
	runtime.out(json ? `${JSON.stringify(report, null, '\t')}\n` : `${lines().join('\n')}\n`);
	if (!report.same) throw different();
}

async function snapshot(runtime: Runtime, { write, ...flags }: SnapshotFlags): Promise<void> {
	const options = pathsOf(runtime, flags);
	const job = { job: 'config-snapshot', options, failed: EXIT.failed };
	const { text, notes } = await runtime.runJob<AccessSnapshot>(job, printerOf(runtime, false));
	for (const note of notes) runtime.log.info(note);
	if (write) await replaceFile(options.accessPath, text, runtime.log);
	else runtime.out(text);
}
