import { resolve } from 'node:path';
import type { Command } from 'commander';
import { printerOf, type Runtime } from '../lib/command.js';
import { EXIT } from '../lib/exit-status.js';
import { openSeedTool } from './seed-tool.js';
import type { SeedLoadJob } from './seed-jobs.js';

interface LoadFlags {
	credentials?: string;
}

/** `trm seed load|faults`: dogfood data, never part of a boot. */
export function registerSeedCommands(program: Command, runtime: Runtime): void {
	const seed = program.command('seed').description('dogfood data of one event');

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
		.action((directory: string, flags: LoadFlags) => load(runtime, directory, flags));

	seed
		.command('faults')
		.description('write faults.csv, the list of planted faults, anew')
		.argument('<directory>', 'such as seeds/rally-albania-2026')
		.action((directory: string) => writeFaults(runtime, directory));
}

async function load(runtime: Runtime, directory: string, given: LoadFlags): Promise<void> {
	const { parseLoadFlags } = await openSeedTool(runtime.root);
	const flags = parseLoadFlags(given, runtime.env);
	const { credentials } = flags;

	const options: SeedLoadJob = {
		...flags,
		root: runtime.root,
		directory: resolve(runtime.directory, directory),
		credentials: credentials === null ? null : resolve(runtime.directory, credentials),
	};

	await runtime.runJob({ job: 'seed-load', options, failed: EXIT.failed }, printerOf(runtime, true));
}

async function writeFaults(runtime: Runtime, given: string): Promise<void> {
	const { MANIFEST_FILE, readSeed, writeManifest } = await openSeedTool(runtime.root);
	const directory = resolve(runtime.directory, given);
	await writeManifest(directory, await readSeed(directory));
	runtime.out(`${MANIFEST_FILE} written in ${directory}\n`);
}
