import { Stop } from '../lib/exit-status.js';
import type { Log } from '../lib/log.js';

type Work = (log: Log) => Promise<void>;

/** The five steps: their markers, their seconds, and the end of the boot at the first that fails. */
export class Steps {
	readonly #log: Log;
	readonly #durations: string[] = [];
	#began = performance.now();

	constructor(log: Log) {
		this.#log = log;
	}

	/** @param log of the step. @throws Stop with the status of the step that failed; what it said itself is printed before. */
	async run(number: number, name: string, log: Log, work: Work): Promise<void> {
		this.#log.info(`step ${number}/5: ${name}`);
		this.#began = performance.now();

		try {
			await work(log);
		} catch (error) {
			if (!(error instanceof Stop)) throw error;
			for (const line of error.lines) log.error(line);
			const failed = `step ${number}/5: ${name} failed with status ${error.status}`;
			throw new Stop(
				error.status,
				`${failed}; the boot stops here, nothing is served; remedy: see the lines above, then start again`,
			);
		}

		this.mark(name);
	}

	skip(number: number, name: string, reason: string): void {
		this.#log.info(`step ${number}/5: ${name}: skipped, ${reason}`);
	}

	/** What began with the last step, or with the boot, is done. */
	mark(name: string): void {
		this.#durations.push(`${name} ${tenths(performance.now() - this.#began)} s`);
	}

	/** `6.1 s (lock 0.2 s, db-init 1.0 s)`, since the start of this process */
	total(): string {
		return `${tenths(performance.now())} s (${this.#durations.join(', ')})`;
	}
}

const tenths = (milliseconds: number) => (Math.floor(milliseconds / 100) / 10).toFixed(1);
