import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import { runCommand } from '../lib/run-command.js';
import { parseLoadFlags } from './env.js';
import { loadSeed } from './load.js';
import { MANIFEST_FILE, writeManifest } from './manifest.js';
import { readSeed } from './read-seed.js';

/** `trm seed load|faults`: dogfood data, never part of a boot. */
export function registerSeedCommands(trm: Command, context: HookExtensionContext): void {
	const seed = trm.command('seed').description('dogfood data of one event');

	seed
		.command('load')
		.description("load an event's catalogue and one race day of fixes; loading again changes nothing")
		.argument('<directory>', 'such as seeds/rally-albania-2026')
		.option('--hash <hex>', 'kept in trm.state with the load')
		.option('--hours <hours>', 'of fixes for each tracker; default: SEED_HOURS, else as race-day.yaml says')
		.option('--fixes-per-device <count>', 'the same, in fixes')
		.option('--entries <count>', 'only the first entries ride; the catalogue is loaded whole')
		.option('--credentials <file>', 'tells what the new users sign in with; without it they cannot')
		.option('--reset-fields', 'put the values of the seed back where an item was edited', false)
		.action((directory: string, flags: object) =>
			runCommand(context, 'seed', async (print) => {
				await loadSeed(context, { directory, ...parseLoadFlags(flags, context.env), print });
				return 0;
			}),
		);

	seed
		.command('faults')
		.description(`write ${MANIFEST_FILE}, the list of planted faults, anew`)
		.argument('<directory>', 'such as seeds/rally-albania-2026')
		.action((directory: string) =>
			runCommand(context, 'seed', async (print) => {
				await writeManifest(directory, await readSeed(directory));
				print(`${MANIFEST_FILE} written in ${directory}`);
				return 0;
			}),
		);
}
