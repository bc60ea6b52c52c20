import { Command } from 'commander';
import { registerBoot } from '../boot/index.js';
import { registerDbInit } from '../boot/migrations/command.js';
import { registerConfigCommands } from '../deployment/config/command.js';
import { registerSchemaCommands } from '../deployment/schema/command.js';
import { registerEventCommands } from '../event-stream/commands/index.js';
import type { Runtime } from '../lib/command.js';
import { registerSeedCommands } from './seed-command.js';

/** The commands that a runtime serves. Each ends well or throws a Stop; runCommandLine makes an exit status of it. */
export function openProgram(runtime: Runtime): Command {
	const program = new Command('trm')
		.description('TRM Directus: the commands of the deployer and the operator (docs/command-line.md)')
		.exitOverride()
		.configureOutput({
			writeOut: (text) => runtime.out(text),
			outputError: (text) => runtime.log.error(text.trim().replace(/^error: /, '')),
		});

	registerBoot(program, runtime.root);
	registerDbInit(program, runtime);
	registerSchemaCommands(program, runtime);
	registerConfigCommands(program, runtime);
	registerEventCommands(program, runtime);
	registerSeedCommands(program, runtime);
	return program;
}
