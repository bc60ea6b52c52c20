import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import type * as SeedTool from '../../../../tools/seed/index.js';
import { messageOf } from '../lib/errors.js';
import { runCommand } from '../lib/run-command.js';

/** Seen from the working directory, like the seeds: the generator is no part of the bundle. */
const SEED_TOOL = 'tools/seed/dist/seed.js';

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
				const { loadSeed, parseLoadFlags } = await openSeedTool();
				await loadSeed(context, { directory, ...parseLoadFlags(flags, context.env), print });
				return 0;
			}),
		);

	seed
		.command('faults')
		.description('write faults.csv, the list of planted faults, anew')
		.argument('<directory>', 'such as seeds/rally-albania-2026')
		.action((directory: string) =>
			runCommand(context, 'seed', async (print) => {
				const { MANIFEST_FILE, readSeed, writeManifest } = await openSeedTool();
				await writeManifest(directory, await readSeed(directory));
				print(`${MANIFEST_FILE} written in ${directory}`);
				return 0;
			}),
		);
}

/** @throws Error where it is not built. */
async function openSeedTool(): Promise<typeof SeedTool> {
	const path = resolve(SEED_TOOL);

	try {
		return await import(pathToFileURL(path).href);
	} catch (error) {
		throw new Error(
			`the seed generator cannot be loaded (${messageOf(error)}): run npm run build, and start where ${SEED_TOOL} is`,
			{ cause: error },
		);
	}
}
