interface Logger {
	info(message: string): void;
	warn(message: string): void;
}

/** Reports an outage once when it begins and once when it is over, however many attempts lie between. */
export class Outage {
	readonly #logger: Logger;
	readonly #subject: string;
	#isDown = false;

	/** @param subject what fails, as the log names it, such as `Redis`. */
	constructor(logger: Logger, subject: string) {
		this.#logger = logger;
		this.#subject = subject;
	}

	get isDown(): boolean {
		return this.#isDown;
	}

	begins(reason: string): void {
		if (this.#isDown) return;
		this.#isDown = true;
		this.#logger.warn(
			`[event-stream] ${this.#subject} is not usable (${reason}). Writing goes on; events wait in the outbox and follow in order.`,
		);
	}

	ends(): void {
		if (!this.#isDown) return;
		this.#isDown = false;
		this.#logger.info(`[event-stream] ${this.#subject} is usable again; publishing what waited.`);
	}
}
