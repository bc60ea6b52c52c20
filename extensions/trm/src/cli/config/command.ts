import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import { runCommand, type Print } from '../run-command.js';
import { applyConfig } from './apply.js';
import { parseConfigEnvironment, type ConfigFlags } from './env.js';

/** `trm config …`: access and settings as code. */
export function registerConfigCommands(trm: Command, context: HookExtensionContext): void {
	const config = trm.command('config').description('roles, policies, permissions and settings as code');

	withPaths(config.command('apply'))
		.description('bring access and settings to what the files declare, both in one transaction')
		.option('--allow-delete', 'delete roles and policies that the file declared before (ACCESS_ALLOW_DELETE)')
		.action((flags: ConfigFlags) => runCommand(context, 'config', (print) => apply(context, flags, print)));
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
