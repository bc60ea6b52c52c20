import { JobsChild } from '../../extensions/trm/src/boot/jobs-child.js';
import { openProgram } from '../../extensions/trm/src/command-line/program.js';
import { runCommandLine, type Job, type Runtime } from '../../extensions/trm/src/lib/command.js';
import type { Print } from '../../extensions/trm/src/lib/log.js';
import { root } from './environment.js';
import type { Outcome } from './trm.js';

/**
 * The commands that need Directus, as the product parses and does them, with one child for many: its start costs three seconds of processor,
 * a job a tenth of that. For what a command does: plans, refuses, applies, prints, and with which status. Not for what belongs to a
 * process: signals, two at once, a database that does not answer; those run scripts/trm (runTrm).
 */
export class KeptTrm {
	#child: JobsChild | null = null;
	#log = '';

	/** @param env of the start; Directus reads it once */
	constructor(readonly env: Record<string, string>) {}

	/** @param env of this command, for what it reads itself: paths, and what it may delete */
	async run(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
		let stdout = '';
		this.#log = '';

		const runtime: Runtime = {
			env: { ...this.env, ...env },
			root,
			directory: root,
			out: (text) => void (stdout += text),
			log: {
				info: (line) => void (this.#log += `[trm] ${line}\n`),
				error: (line) => void (this.#log += `[trm] error: ${line}\n`),
			},
			withSql: () => Promise.reject(new Error('a matter for a process: runTrm')),
			runJob: (job, print) => this.#run(job, print),
		};

		const code = await runCommandLine(openProgram(runtime), args, runtime.log);
		const errors = this.#log;
		return { code, stdout, errors, output: errors + stdout };
	}

	#run<Result>(job: Job, print: Print): Promise<Result> {
		const place = { env: this.env, root, directory: root };
		this.#child ??= JobsChild.start(place, (text) => void (this.#log += text));
		return this.#child.run<Result>(job, print);
	}

	/** The process that does the jobs, if there is one. */
	get pid(): number | undefined {
		return this.#child?.pid;
	}

	/** Ends the child, if there is one; the next command starts another. */
	async end(): Promise<void> {
		const child = this.#child;
		this.#child = null;
		await child?.end('SIGKILL');
	}
}
