/** A sleep that can be cut short. A ring while nobody sleeps cuts the next sleep short, so that none is lost. */
export class WakeUp {
	#hasRung = false;
	#wake: (() => void) | null = null;

	ring(): void {
		this.#hasRung = true;
		this.#wake?.();
	}

	/** Sleeps until rung, at most `duration` milliseconds. @returns whether it was rung. */
	async wait(duration: number): Promise<boolean> {
		if (!this.#hasRung) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, duration);

				this.#wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}

		const wasRung = this.#hasRung;
		this.#wake = null;
		this.#hasRung = false;
		return wasRung;
	}
}
