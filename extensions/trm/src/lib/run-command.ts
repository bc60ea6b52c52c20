import type { HookExtensionContext } from '@directus/types';
import { messageOf } from './errors.js';

/** What a command prints to: one line for one fact. */
export type Print = (line: string) => void;

/** Refused before anything was done: wrong arguments, or what they name is not fit for it. */
export class CommandRefused extends Error {
	override name = 'CommandRefused';
}

const FAILED = 1;
const REFUSED = 2;

/**
 * Runs a command to its exit: lines on stdout under `[name]`, the failure on stderr.
 * Exits itself, because Directus keeps pools and timers open that would hold the process for ever.
 * @param failed the status after a failure
 */
export async function runCommand(
	context: HookExtensionContext,
	name: string,
	command: (print: Print) => Promise<number>,
	failed: number = FAILED,
): Promise<void> {
	const print: Print = (line) => process.stdout.write(`[${name}] ${line}\n`);
	let status: number;

	try {
		status = await command(print);
	} catch (error) {
		for (const thrown of Array.isArray(error) ? error : [error]) {
			process.stderr.write(`[${name}] ERROR: ${messageOf(thrown)}\n`);
		}

		status = error instanceof CommandRefused ? REFUSED : failed;
	}

	await context.database.destroy();
	process.exit(status);
}
