import { setTimeout as sleep } from 'node:timers/promises';
import type { Relay } from './relay.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * When Directus has shut down it sends itself the signal again, to die of it, and nothing waits for `server.stop`
 * handlers. A listener keeps that second signal from ending the process before the relay has published what is left.
 */
export function surviveShutdownSignals(): void {
	for (const signal of SIGNALS) process.on(signal, () => undefined);
}

/** Stops the relay, or gives it up after `timeout` milliseconds: nothing is lost by that. */
export async function stopWithin(relay: Relay, timeout: number): Promise<void> {
	await Promise.race([relay.stop().catch(() => undefined), sleep(timeout)]);
}
