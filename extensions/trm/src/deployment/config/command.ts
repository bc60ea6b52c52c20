import { writeFile } from 'node:fs/promises';
import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import { runCommand, type Print } from '../../lib/run-command.js';
import { applyConfig } from './apply.js';
import { configLinesOf, diffConfig } from './diff.js';
import { parseConfigEnvironment, type ConfigFlags } from './env.js';
import { snapshotAccess } from './snapshot.js';

interface DiffFlags extends ConfigFlags {
	json?: boolean;
	report?: string;
}

interface SnapshotFlags extends ConfigFlags {
	write?: boolean;
	output?: string;
}

const SAME = 0;
const DIFFERENT = 1;
const FAILED = 2;

/** `trm config …`: access and settings as code. */
export function registerConfigCommands(trm: Command, context: HookExtensionContext): void {
	const config = trm.command('config').description('roles, policies, permissions and settings as code');

	withPaths(config.command('apply'))
		.description('bring access and settings to what the files declare, both in one transaction')
		.option('--allow-delete', 'delete roles and policies that the file declared before (ACCESS_ALLOW_DELETE)')
		.action((flags: ConfigFlags) => runCommand(context, 'config', (print) => apply(context, flags, print)));

	withPaths(config.command('diff'))
		.description('compare the database with the files; exit 0 the same, 1 different, 2 not comparable')
		.option('--json', 'print the report as JSON')
		.option('--report <path>', 'write the report to this file as well, as JSON')
		.action((flags: DiffFlags) => runCommand(context, 'config', (print) => diff(context, flags, print), FAILED));

	withPaths(config.command('snapshot'))
		.description('print what the access file declares, as the database has it now')
		.option('--write', 'write it into the access file')
		.option('--output <path>', 'write it into this file')
		.action((flags: SnapshotFlags) => runCommand(context, 'config', () => snapshot(context, flags)));
}

function withPaths(command: Command): Command {
	return command
		.option('--access <path>', 'default: ACCESS_PATH')
		.option('--settings <path>', 'default: SETTINGS_PATH');
}

async function apply(context: HookExtensionContext, flags: ConfigFlags, print: Print): Promise<number> {
	await applyConfig(context, parseConfigEnvironment(context.env, flags), print);
	return 0;
}

async function diff(context: HookExtensionContext, flags: DiffFlags, print: Print): Promise<number> {
	const report = await diffConfig(context, parseConfigEnvironment(context.env, flags), { schemaPending: false });
	const json = `${JSON.stringify(report, null, '\t')}\n`;

	if (flags.report !== undefined) await writeFile(flags.report, json);
	if (flags.json === true) process.stdout.write(json);
	else [...configLinesOf(report), report.same ? 'no differences' : 'there are differences'].forEach(print);

	return report.same ? SAME : DIFFERENT;
}

async function snapshot(context: HookExtensionContext, flags: SnapshotFlags): Promise<number> {
	const { accessPath } = parseConfigEnvironment(context.env, flags);
	const { text, notes } = await snapshotAccess(context, accessPath);
	const target = flags.output ?? (flags.write === true ? accessPath : null);

	for (const note of notes) process.stderr.write(`[config] ${note}\n`);
	if (target === null) process.stdout.write(text);
	else await writeFile(target, text);
	return 0;
}
