import type { Command } from 'commander';
import { EXIT, Stop, stopFor } from './exit-status.js';
import type { Log, Print } from './log.js';
import type { Sql } from './sql.js';

/** A task for a child that has Directus's services. */
export interface Job {
	job: string;
	options: object;
	/** The exit status after a failure that has none of its own: a comparison that failed is not "different". */
	failed: number;
}

/** What a child reports of itself and of its job. */
export type JobReport =
	| { kind: 'ready' }
	| { kind: 'line'; line: string; importance?: 'detail' }
	| { kind: 'outcome'; status: number; lines: readonly string[]; result?: unknown };

/** What the child does for a job. @returns what its outcome has as `result`, plain data */
export type JobWork = (options: never, print: Print) => Promise<unknown>;

/** What surrounds a command: its variables, its streams, and how it comes to Postgres and Directus. */
export interface Runtime {
	readonly env: Record<string, string | undefined>;
	/** The folder of this release: snapshots/, extensions/, scripts/. */
	readonly root: string;
	/** Paths that the operator gives are seen from here. */
	readonly directory: string;
	/** The result, on stdout. */
	out(text: string): void;
	/** Everything else, on stderr. */
	readonly log: Log;
	/** Opens a session. @param name of the command, for messages and pg_stat_activity @throws Stop */
	withSql<Result>(name: string, use: (sql: Sql) => Promise<Result>): Promise<Result>;
	/** Has a child do it, which takes three seconds to start. @throws Stop */
	runJob<Result>(job: Job, print: Print): Promise<Result>;
}

/** One line of its own. */
export function printJson({ out }: Runtime, value: unknown): void {
	out(`${JSON.stringify(value)}\n`);
}

/** Prints what a job says as the command's result. @param detailed also details */
export function printerOf({ out, env }: Runtime, detailed: boolean): Print {
	const isAsked = detailed || ['debug', 'trace'].includes(env['LOG_LEVEL'] ?? '');

	return (line, importance) => {
		if (isAsked || importance !== 'detail') out(`${line}\n`);
	};
}

/** Parses the arguments and runs what they name. @returns the exit status; what is wrong is in the log */
export async function runCommandLine(program: Command, args: string[], log: Log): Promise<number> {
	try {
		await program.parseAsync(args, { from: 'user' });
		return EXIT.done;
	} catch (error) {
		// Commander has said what is wrong; of --help and --version it says 0.
		if (isCommanderError(error)) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
		const { status, lines } = stopFor(error, EXIT.failed);
		for (const line of lines) log.error(line);
		return status;
	}
}

function isCommanderError(error: unknown): error is Error & { exitCode: number } {
	return error instanceof Error && error.name === 'CommanderError';
}

/** Ends a command with "different", whose result has said how. */
export const different = (): Stop => new Stop(EXIT.failed);
