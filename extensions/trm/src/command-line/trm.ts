import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { registerBoot } from '../boot/index.js';
import { EXIT, Stop } from '../lib/exit-status.js';

/** The directory of entrypoint.sh, seen from extensions/trm/dist/trm.js. */
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

const program = new Command('trm').description('TRM Directus').exitOverride();
registerBoot(program, root);

async function run(): Promise<number> {
	try {
		await program.parseAsync();
		return EXIT.done;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
		const lines = error instanceof Stop ? error.lines : [error instanceof Error ? error.stack : String(error)];
		for (const line of lines) process.stderr.write(`[trm] error: ${line}\n`);
		return error instanceof Stop ? error.status : EXIT.failed;
	}
}

void run().then((status) => process.exit(status));
