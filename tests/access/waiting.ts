import { expect } from 'vitest';
import { eventually } from '../support/processes.js';
import type { Answer, Stack } from '../support/stack.js';
import type { Role } from './roles.js';
import { canary, type EventRows } from './side.js';

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

export const newClass = ({ event }: EventRows) => ({ event, code: canary(), name: canary(), kind: 'moto' });

/** A write by a right that ends while it waits for a lock. */
interface Losing {
	as: Role;
	lock: string;
	request: (draft: EventRows, colleague: string) => [method: string, path: string, body: unknown];
	/** the caller's role from then on */
	left: string;
}

// A foreign key waits for these, as for a change of the slug or of the event's key.
const PARENTS = 'SELECT FROM organizations FOR UPDATE; SELECT FROM events FOR UPDATE';
const MEMBERS = "SELECT FROM organization_users WHERE role = 'marshal' FOR UPDATE";
const makeOwner = { role: 'owner' };

export const LOSING: Record<string, Losing> = {
	'adds a class': {
		as: 'race_director',
		lock: PARENTS,
		request: (draft) => ['POST', '/items/classes', newClass(draft)],
		left: 'viewer',
	},
	'adds an entry': {
		as: 'race_director',
		lock: PARENTS,
		request: ({ event, class: category }) => ['POST', '/items/entries', { event, class: category, race_number: 7_001 }],
		left: 'viewer',
	},
	'makes a colleague owner': {
		as: 'owner',
		lock: MEMBERS,
		request: (_, colleague) => ['PATCH', `/items/organization_users/${colleague}`, makeOwner],
		left: 'race_director',
	},
	'makes a colleague owner by keys': {
		as: 'owner',
		lock: MEMBERS,
		request: (_, colleague) => ['PATCH', '/items/organization_users', { keys: [colleague], data: makeOwner }],
		left: 'race_director',
	},
};
