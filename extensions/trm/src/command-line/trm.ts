import { Command, CommanderError } from 'commander';
import { registerDbInit } from '../boot/migrations/command.js';
import { EXIT, Stop } from '../lib/exit-status.js';
import { messageOf } from '../lib/errors.js';
import { openLog } from '../lib/log.js';

// As process 1 of a container it would not hear of a signal that it has no handler for.
for (const [signal, status] of [
	['SIGHUP', 129],
	['SIGINT', 130],
	['SIGTERM', 143],
] as const) {
	process.once(signal, () => process.exit(status));
}

async function main(): Promise<void> {
	const program = new Command('trm').exitOverride();
	registerDbInit(program);

	try {
		await program.parseAsync();
	} catch (error) {
		process.exitCode = statusOf(error);
		const lines = error instanceof Stop ? error.lines : error instanceof CommanderError ? [] : [messageOf(error)];
		for (const line of lines) openLog(process.argv[2] ?? 'trm').error(line);
	}
}

function statusOf(error: unknown): number {
	if (error instanceof Stop) return error.status;
	// It has printed what it does not take; help is no failure.
	if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
	return EXIT.failed;
}

void main();
