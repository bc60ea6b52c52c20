import type { Group } from './group.js';

/**
 * Gives a sign of life for the entries that this consumer holds, every third of the time after which they would be taken
 * from it.
 */
export class KeepAlive {
	readonly #group: Group;
	readonly #minIdle: number;
	readonly #timer: NodeJS.Timeout;
	#ids: string[];
	#own: Set<string>;
	/** of performance.now() */
	#last = performance.now();

	/** @param ids ascending */
	constructor(group: Group, ids: string[], minIdle: number) {
		this.#group = group;
		this.#minIdle = minIdle;
		this.#ids = ids;
		this.#own = new Set(ids);
		// When Redis is away nobody can take them over either.
		this.#timer = setInterval(() => void this.#beat().catch(() => undefined), Math.ceil(minIdle / 3));
	}

	/** Whether no other consumer has taken it. Asks Redis only when there was no sign of life for long. */
	async isOwn(id: string): Promise<boolean> {
		if (performance.now() - this.#last > this.#minIdle / 2) await this.#beat();
		return this.#own.has(id);
	}

	done(id: string): void {
		this.#ids = this.#ids.filter((each) => each !== id);
	}

	/** Ids that are own and not done. */
	get rest(): string[] {
		return this.#ids.filter((id) => this.#own.has(id));
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	async #beat(): Promise<void> {
		const began = performance.now();
		const own = await this.#group.keep(this.rest);
		this.#own = own;
		this.#last = began;
	}
}
