import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { messageOf } from '../lib/errors.js';
import { EXIT, Stop } from '../lib/exit-status.js';
import type { Log } from '../lib/log.js';

/** Writes a captured file as a whole or not at all, and says whether it changed. @throws Stop */
export async function replaceFile(path: string, text: string, log: Log): Promise<void> {
	try {
		if (existsSync(path) && readFileSync(path, 'utf8') === text) {
			log.info(`${path} is up to date`);
			return;
		}

		// Beside the target, so that the move is one step.
		await writeFile(`${path}.new`, text);
		await rename(`${path}.new`, path);
		log.info(`wrote ${path}`);
	} catch (error) {
		throw new Stop(
			EXIT.failed,
			`${path} cannot be written: ${messageOf(error)}; remedy: check the folder and its owner`,
		);
	}
}
