type Task = () => Promise<unknown>;

/** What was started and must be ended, the last one first. */
export class Scope {
	readonly #tasks: Task[] = [];
	#closing: Promise<void> | null = null;

	get isClosing(): boolean {
		return this.#closing !== null;
	}

	/** What comes up while the scope is being closed, after a signal, is ended at once. */
	async defer(task: Task): Promise<void> {
		if (this.#closing === null) this.#tasks.push(task);
		else await task();
	}

	/** Opens a scope inside this one for the time of `work`. */
	async within<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
		const scope = new Scope();
		await this.defer(() => scope.close());
		try {
			return await work(scope);
		} finally {
			await scope.close();
		}
	}

	/** Ends everything, whatever fails at it. A second call waits for the first. */
	async close(): Promise<void> {
		this.#closing ??= this.#run();
		await this.#closing;
	}

	async #run(): Promise<void> {
		for (const task of this.#tasks.toReversed()) {
			await task().catch((error: unknown) => console.error('could not be ended:', error));
		}
	}
}
