import { ServiceUnavailableError } from '@directus/errors';
import type { Knex } from 'knex';
import { LIMIT_STATEMENTS } from './sql.js';

const ATTEMPTS = 3;
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';
const QUERY_CANCELED = '57014';

/** Between the server's clock for a statement and ours for the request, milliseconds. */
const TIMER_PRECISION = 100;

/** Thrown in a transaction that read something which another changed before it was locked. */
export class StartOver extends Error {}

/**
 * Runs a transaction, up to three times while others get in its way, each statement with what is left of the time limit.
 * @param timeLimit seconds for all of it
 * @throws 503 SERVICE_UNAVAILABLE when what it read changed under each attempt, or when it took too long.
 */
export async function runTransaction<T>(
	database: Knex,
	timeLimit: number,
	run: (transaction: Knex.Transaction, keepTime: () => Promise<void>) => Promise<T>,
): Promise<T> {
	const deadline = performance.now() + timeLimit * 1_000;

	for (let attempt = 1; ; attempt += 1) {
		try {
			return await database.transaction(async (transaction) => {
				const keepTime = () => limitStatements(transaction, deadline, timeLimit);
				await keepTime();
				return run(transaction, keepTime);
			});
		} catch (error) {
			// An administrator of the database cancels statements too, and says nothing of time.
			const isLate = performance.now() > deadline - TIMER_PRECISION;
			if (isLate && sqlStateOf(error) === QUERY_CANCELED) throw tookTooLong(timeLimit, error);
			if (!isPassing(error)) throw error;
			if (attempt < ATTEMPTS) continue;
			if (!(error instanceof StartOver)) throw error;
			throw new ServiceUnavailableError({ service: 'positions', reason: error.message });
		}
	}
}

async function limitStatements(transaction: Knex.Transaction, deadline: number, timeLimit: number): Promise<void> {
	const left = Math.floor(deadline - performance.now());
	if (left <= 0) throw tookTooLong(timeLimit);
	await transaction.raw(LIMIT_STATEMENTS, { milliseconds: String(left) });
}

function tookTooLong(timeLimit: number, cause?: unknown): Error {
	const reason = `The request would have taken longer than ${timeLimit} s, and nothing was written: ask for less at once`;
	return Object.assign(new ServiceUnavailableError({ service: 'positions', reason }), { cause });
}

function isPassing(error: unknown): boolean {
	return error instanceof StartOver || [DEADLOCK_DETECTED, SERIALIZATION_FAILURE].includes(sqlStateOf(error));
}

/** What went through Directus's services was translated, with Postgres's own error as its cause. */
function sqlStateOf(error: unknown): string {
	const { code, cause } = (error ?? {}) as { code?: string; cause?: { code?: string } };
	return cause?.code ?? code ?? '';
}
