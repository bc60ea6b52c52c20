import type { Command } from 'commander';
import { Stop } from '../lib/exit-status.js';
import { openLog } from '../lib/log.js';
import { boot } from './boot.js';

/** `trm boot`: steps 1-4 of the boot, for entrypoint.sh. @param root the directory of entrypoint.sh */
export function registerBoot(program: Command, root: string): void {
	program
		.command('boot')
		.description('bring the database to what this image expects (run by entrypoint.sh)')
		.action(async () => {
			const log = openLog('entrypoint');

			try {
				await boot(process.env, root, log);
			} catch (error) {
				if (!(error instanceof Stop)) throw error;
				for (const line of error.lines) log.error(line);
				throw new Stop(error.status);
			}
		});
}
