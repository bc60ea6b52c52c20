import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointExtensionContext } from '@directus/extensions';
import { messageOf, serviceUnavailable } from '../../lib/errors.js';
import { readEventStatus, type EventStreamStatus } from '../event-status.js';

/** Milliseconds for a connection and the read; Directus itself would wait a minute for a connection. */
const READ_TIMEOUT = 8_000;

/** @throws 503 when the database does not give the status in time; the log says why. */
export async function readOrRefuse({ database, logger }: EndpointExtensionContext): Promise<EventStreamStatus> {
	try {
		const status = await Promise.race([readEventStatus(database), sleep(READ_TIMEOUT, null, { ref: false })]);
		if (status !== null) return status;
		throw new Error(`no answer within ${READ_TIMEOUT} ms`);
	} catch (error) {
		// Of knex's message what Postgres said; the statement before it says nothing new.
		const problem = messageOf(error).split(' - ').at(-1);
		logger.warn(`[event-stream-status] The database did not give the status: ${problem}`);
		throw serviceUnavailable('database', 'It did not give the status of the event stream; the log says why.');
	}
}
