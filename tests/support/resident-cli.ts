import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './environment.js';

/** One command; `env` is the whole environment that it has. */
export interface Command {
	args: string[];
	env: Record<string, string>;
}

/** What the resident reports of a command: what it prints, as it comes, and last its status or why it has none. */
export type Report = { stream: 'stdout' | 'stderr'; text: string } | { status: number } | { problem: string };

/** What a command did; `output` is stdout and stderr (`errors`) in the order in which they were written. */
export interface Outcome {
	code: number;
	stdout: string;
	errors: string;
	output: string;
}

/** These the bundle reads anew for each command. All others Directus reads while it starts, and only a start can change. */
const VARIABLES_OF_A_COMMAND = [
	'SNAPSHOT_PATH',
	'ACCESS_PATH',
	'SETTINGS_PATH',
	'SCHEMA_APPLY_ALLOW_DELETE',
	'ACCESS_ALLOW_DELETE',
];

/** Less than a test has, so that the test can say what did not end. */
const PATIENCE_MS = 600_000;

/**
 * Directus's command line as one process that runs command after command (resident-cli-program.ts), because a start costs
 * three seconds of processor and the command itself a tenth of that. It is started by the first command. The bundle and
 * Directus are the real ones, and before each command everything is as after a start: no connection, empty caches, the
 * variables.
 *
 * For tests of what a command does: plans, refuses, applies, verifies, prints, and with which status. Not for those of a
 * process: signals, two at once, what a start makes of its variables, a database that does not answer, the shell scripts
 * around it, and what a process does after it has printed its last line. Those run directus-cli.mjs or entrypoint.sh.
 * resident-cli.test.ts holds the two against each other.
 */
export class ResidentCli {
	#resident: ChildProcess | null = null;
	#busy = false;
	/** What it prints past its commands: the stack of what ended it. */
	#past = '';

	/** @param env of the start */
	constructor(readonly env: Record<string, string>) {}

	/**
	 * Runs one command to its end.
	 * @param env on top of that of the start, for this command only
	 * @param patience milliseconds
	 * @throws Error with what was printed, where the command does not end or the resident does. The next one is run by another.
	 */
	async run(args: string[], env: Record<string, string> = {}, patience = PATIENCE_MS): Promise<Outcome> {
		const fixed = Object.keys(env).filter((name) => !VARIABLES_OF_A_COMMAND.includes(name));
		if (fixed.length > 0) throw new Error(`Read at the start of Directus, so run a process: ${fixed.join(', ')}`);
		if (this.#busy) throw new Error('Two commands at once are a matter for two processes.');
		this.#busy = true;

		try {
			return await this.#outcomeOf({ args, env: { ...this.env, ...env } }, patience);
		} catch (error) {
			await this.end();
			throw error;
		} finally {
			this.#busy = false;
		}
	}

	/** The process that runs the commands, if there is one. */
	get pid(): number | undefined {
		return this.#resident?.pid;
	}

	/** Ends the process, if there is one. */
	async end(): Promise<void> {
		const resident = this.#resident;
		this.#resident = null;
		if (resident === null || resident.exitCode !== null || resident.signalCode !== null) return;

		const ended = once(resident, 'exit');
		resident.kill('SIGKILL');
		await ended;
	}

	async #outcomeOf(command: Command, patience: number): Promise<Outcome> {
		const resident = (this.#resident ??= this.#start());
		const printed: { stream: 'stdout' | 'stderr'; text: string }[] = [];
		const textOf = (...streams: string[]) =>
			printed
				.filter(({ stream }) => streams.includes(stream))
				.map(({ text }) => text)
				.join('');
		let timer: NodeJS.Timeout | undefined;

		try {
			const code = await new Promise<number>((succeed, fail) => {
				const failed = (why: string) =>
					fail(new Error(`${why}: ${command.args.join(' ')}\n${textOf('stdout', 'stderr')}${this.#past}`));

				timer = setTimeout(() => failed(`not ended within ${patience} ms`), patience);
				resident.on('message', (report: Report) => {
					if ('stream' in report) printed.push(report);
					else if ('status' in report) succeed(report.status);
					else failed(report.problem);
				});
				// Unlike exit, it comes after all that the process printed.
				resident.once('close', (status, signal) => failed(`the resident ended (${signal ?? status})`));
				resident.once('error', (error) => failed(`no resident (${error.message})`));
				resident.send(command);
			});

			return { code, stdout: textOf('stdout'), errors: textOf('stderr'), output: textOf('stdout', 'stderr') };
		} finally {
			clearTimeout(timer);
			for (const event of ['message', 'close', 'error']) resident.removeAllListeners(event);
		}
	}

	#start(): ChildProcess {
		const resident = fork(join(root, 'tests/support/resident-cli-program.ts'), {
			cwd: root,
			env: { ...this.env, NODE_NO_WARNINGS: '1' },
			execArgv: [],
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});

		this.#past = '';
		for (const stream of [resident.stdout, resident.stderr]) {
			stream?.on('data', (chunk: Buffer) => (this.#past += chunk.toString()));
		}

		return resident;
	}
}
