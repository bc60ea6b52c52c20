import type { Knex } from 'knex';
import { WAKE_CHANNEL } from './sql.js';

/** Writes within this time are told of once, milliseconds: NOTIFY takes a lock over the whole database at commit. */
const DEBOUNCE = 20;

/** @returns a function that tells the leading replica, soon and once for many calls, to look at the outbox. */
export function notifyLeader(database: Knex): () => void {
	let timer: NodeJS.Timeout | null = null;

	return () => {
		timer ??= setTimeout(() => {
			timer = null;
			// The leader's poll covers a notice that fails.
			database.raw(`NOTIFY ${WAKE_CHANNEL}`).catch(() => undefined);
		}, DEBOUNCE);
	};
}
