import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from './options.js';
import { messageOf } from './text-of.js';

export const STOPPED = Symbol('stopped');

/**
 * A ledger that cannot be reached is never the event's fault: asked until it answers, or until the signal comes.
 * @param failed called, and waited for, when it fails the first time
 */
export async function askLedger<Answer>(
	{ onProblem, retryDelay, signal }: Settings,
	ask: () => Answer | Promise<Answer>,
	failed: () => Promise<unknown> = async () => undefined,
): Promise<Answer | typeof STOPPED> {
	for (let failures = 0; ; ) {
		try {
			const answer = await ask();
			if (failures > 0) onProblem(null);
			return answer;
		} catch (error) {
			failures += 1;

			if (failures === 1) {
				onProblem(new Error(`the ledger: ${messageOf(error)}`, { cause: error }));
				await failed();
			}

			await sleep(retryDelay(failures), undefined, { signal }).catch(() => undefined);
			if (signal.aborted) return STOPPED;
		}
	}
}
