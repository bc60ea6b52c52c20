import type { Log } from '../lib/log.js';
import type { Children } from './children.js';

const STATUS = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 };

/** A second signal must not cut the ending of the first short: the step would go on without the boot lock. */
export function endOnSignals(children: Children, log: Log): void {
	let isEnding = false;

	for (const [signal, status] of Object.entries(STATUS)) {
		process.on(signal, () => {
			if (isEnding) return;
			isEnding = true;
			log.error('a signal ended the boot; start again, it continues where it stopped');
			// Postgres ends a statement whose client has gone within a second.
			void children.end().then(() => process.exit(status));
		});
	}
}
