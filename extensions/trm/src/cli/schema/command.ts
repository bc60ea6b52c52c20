import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import { applySettings, planSettings } from '../settings/apply.js';
import { runCommand } from '../run-command.js';
import { applySchema } from './apply.js';
import { ensureEventTriggers } from './event-triggers.js';
import { parseSchemaEnvironment } from './env.js';

interface ApplyFlags {
	dryRun: boolean;
	snapshot?: string;
	settings?: string;
}

/** Exit status of a dry run that found changes. */
const PENDING = 2;

/** `trm schema apply`: boot step 3, in one Directus process. */
export function registerSchemaCommands(trm: Command, context: HookExtensionContext): void {
	trm
		.command('schema')
		.description('the schema as code')
		.command('apply')
		.description('bring collections, fields, relations and settings to what the snapshots declare')
		.option('--dry-run', 'print the plan only; exit 0 for none, 2 for pending changes', false)
		.option('--snapshot <path>', 'default: SNAPSHOT_PATH')
		.option('--settings <path>', 'default: SETTINGS_PATH')
		.action((flags: ApplyFlags) =>
			runCommand(context, 'schema', async (print) => {
				const environment = parseSchemaEnvironment({
					...context.env,
					...(flags.snapshot === undefined ? {} : { SNAPSHOT_PATH: flags.snapshot }),
					...(flags.settings === undefined ? {} : { SETTINGS_PATH: flags.settings }),
				});

				const outcome = await applySchema(context, { ...environment, dryRun: flags.dryRun, print });
				const { settingsPath } = environment;

				if (flags.dryRun) {
					const settings = await planSettings(context, { settingsPath, print, schemaPending: outcome === 'pending' });
					return outcome === 'pending' || settings === 'pending' ? PENDING : 0;
				}

				await ensureEventTriggers(context.database, print);
				await applySettings(context, { settingsPath, print });
				return 0;
			}),
		);
}
