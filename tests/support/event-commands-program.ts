import type { HookExtensionContext } from '@directus/types';
import { Command } from 'commander';
import { registerEventCommands } from '../../extensions/trm/src/event-stream/commands/index.js';
import { openDatabase } from './open-database.js';

// `trm events …` without the Directus around it, whose start takes three seconds of processor: the commands use its database
// connection and environment, and nothing else of it.

const program = new Command();
const context = { database: openDatabase(process.env), env: process.env } as unknown as HookExtensionContext;

registerEventCommands(program.command('trm'), context);
await program.parseAsync();
