import { expect } from 'vitest';
import { eventually } from '../support/processes.js';
import type { Answer, Stack } from '../support/stack.js';

/**
 * Sends a write that waits for a lock, and changes something else before it gets on.
 * @param lock SQL that takes the lock
 * @param meanwhile SQL of another session, committed while the write waits
 */
export async function whileWaiting(
	{ db }: Stack,
	lock: string,
	send: () => Promise<Answer>,
	meanwhile: string,
): Promise<Answer> {
	const holder = await db.connect();

	try {
		await holder.query(`BEGIN; ${lock}`);
		let isAnswered = false;
		const answer = send().finally(() => (isAnswered = true));
		await eventually('the write waits', async () => {
			expect(isAnswered, 'answered without waiting').toBe(false);
			const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
			return ((await db.query(sql)).rowCount ?? 0) > 0;
		});
		await db.query(meanwhile);
		await holder.query('ROLLBACK');
		return await answer;
	} finally {
		await holder.query('ROLLBACK');
		holder.release();
	}
}
