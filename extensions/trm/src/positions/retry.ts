import { ServiceUnavailableError } from '@directus/errors';
import type { Knex } from 'knex';

const ATTEMPTS = 3;
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';

/** Thrown in a transaction that read something which another changed before it was locked. */
export class StartOver extends Error {}

/**
 * Runs a transaction, up to three times while others get in its way.
 * @throws 503 SERVICE_UNAVAILABLE when what it read changed under each attempt.
 */
export async function retryTransaction<T>(
	database: Knex,
	run: (transaction: Knex.Transaction) => Promise<T>,
): Promise<T> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await database.transaction(run);
		} catch (error) {
			if (!isPassing(error)) throw error;
			if (attempt < ATTEMPTS) continue;
			if (!(error instanceof StartOver)) throw error;
			throw new ServiceUnavailableError({ service: 'positions', reason: error.message });
		}
	}
}

function isPassing(error: unknown): boolean {
	return error instanceof StartOver || [DEADLOCK_DETECTED, SERIALIZATION_FAILURE].includes(sqlStateOf(error));
}

/** What went through Directus's services was translated, with Postgres's own error as its cause. */
function sqlStateOf(error: unknown): string {
	const { code, cause } = (error ?? {}) as { code?: string; cause?: { code?: string } };
	return cause?.code ?? code ?? '';
}
