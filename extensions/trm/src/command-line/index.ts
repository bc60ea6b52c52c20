import { defineHook } from '@directus/extensions-sdk';
import type { Command } from 'commander';
import { registerConfigCommands } from '../deployment/config/command.js';
import { registerEventCommands } from '../event-stream/commands/index.js';
import { registerSchemaCommands } from '../deployment/schema/command.js';
import { registerSeedCommands } from './seed.js';

/** `node cli.js trm …`: the deployer's commands, run by the boot and by hand. */
export default defineHook(({ init }, context) => {
	init('cli.before', ({ program }) => {
		const trm = (program as Command)
			.command('trm')
			.description('TRM: schema, access, settings, seeds and the event stream');

		registerSchemaCommands(trm, context);
		registerConfigCommands(trm, context);
		registerSeedCommands(trm, context);
		registerEventCommands(trm, context);
	});
});
