/** Exit statuses of a command that a signal has ended, as shells give them. */
export const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

type Interrupting = keyof typeof INTERRUPTED;

/** Turns the first Ctrl-C or SIGTERM into a wish to stop, which work may finish its step before; the next one kills. */
export function onInterruption(): { signal: AbortSignal; status: () => number } {
	const controller = new AbortController();
	let status: number = INTERRUPTED.SIGINT;

	for (const name of Object.keys(INTERRUPTED) as Interrupting[]) {
		process.once(name, () => {
			status = INTERRUPTED[name];
			controller.abort();
		});
	}

	return { signal: controller.signal, status: () => status };
}
