import type { EventStatusRow } from './event-status-row.js';

/**
 * The stream in one word, for whoever is woken by it:
 * - `ok`: events reach the stream as they are made.
 * - `waiting`: they do not at the moment, and that is expected to pass by itself within a minute or so.
 * - `stalled`: somebody leads, and all the same nothing moves: look at the leader's log.
 * - `down`: nobody publishes, or Redis cannot be written: nothing will move until someone acts.
 * In none of them is anything lost: the events wait in Postgres.
 */
export const EVENT_STATES = ['ok', 'waiting', 'stalled', 'down'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** `reason` is one sentence with what to look at. */
export interface EventVerdict {
	state: EventState;
	reason: string;
}

/** Seconds. A leader reports every five, another takes over within ten, and Redis comes back from a restart in less. */
const PATIENCE = 30;
/** Seconds that an event may wait before it is worth a word. */
const UNREMARKABLE_LAG = 5;
/** Seconds that an event may wait although leader and Redis have been there all the time. */
const LONGEST_LAG = 60;
/** Rows a second; a relay that catches up after an outage moves several times as many. */
const SLOWEST_CATCHING_UP = 2_000;

type Facts = Pick<
	EventStatusRow,
	| 'waiting_rows'
	| 'lag_seconds'
	| 'leader_pid'
	| 'leader'
	| 'leading_seconds'
	| 'report_age_seconds'
	| 'redis_usable'
	| 'redis_problem'
	| 'redis_seconds'
>;

/** Pure: the same row gives the same verdict. The worst that is true counts. */
export function judgeEventStream(facts: Facts): EventVerdict {
	return judgeRedis(facts) ?? judgeLeader(facts) ?? judgeBacklog(facts);
}

const isRecent = (age: number | null) => age !== null && age <= PATIENCE;

/** A replica that cannot use Redis makes way, and says so also while nobody leads; of old reports it means nothing. */
function judgeRedis({ redis_usable, redis_problem, redis_seconds, report_age_seconds }: Facts): EventVerdict | null {
	if (redis_usable !== false || !isRecent(report_age_seconds)) return null;

	const duration = redis_seconds ?? Infinity;
	const since = Number.isFinite(duration) ? ` since ${Math.round(duration)} s` : '';
	const reason = `Redis cannot be used${since}: ${redis_problem ?? 'no reason was given'}`;
	return { state: duration <= PATIENCE ? 'waiting' : 'down', reason };
}

function judgeLeader({ leader_pid, leader, redis_usable, report_age_seconds: age }: Facts): EventVerdict | null {
	if (leader_pid === null) {
		return isRecent(age)
			? { state: 'waiting', reason: 'No replica leads at the moment; another takes over within ten seconds.' }
			: {
					state: 'down',
					reason:
						'No replica leads: no Directus runs with REDIS set, or none can work with this database (its log says [event-stream]).',
				};
	}

	if (!isRecent(age)) {
		const since = age === null ? 'has never reported' : `has not reported for ${Math.round(age)} s`;
		return {
			state: 'stalled',
			reason: `The leader (database session ${leader_pid}) ${since}: its process hangs, or what it does fails (its log says [event-stream]).`,
		};
	}

	return leader === null || redis_usable === null
		? { state: 'waiting', reason: `A new leader (database session ${leader_pid}) has not reported yet.` }
		: null;
}

function judgeBacklog({ waiting_rows, lag_seconds, leading_seconds, redis_seconds }: Facts): EventVerdict {
	if (waiting_rows === 0 || lag_seconds <= UNREMARKABLE_LAG) {
		return { state: 'ok', reason: 'Events reach the stream as they are made.' };
	}

	const backlog = `${waiting_rows} events wait, the oldest for ${Math.round(lag_seconds)} s`;
	if (lag_seconds <= LONGEST_LAG) return { state: 'waiting', reason: `${backlog}.` };

	// After an outage the oldest event is as old as that; what counts is how long leader and Redis have been back.
	const backFor = Math.min(leading_seconds ?? Infinity, redis_seconds ?? Infinity);

	return backFor <= LONGEST_LAG + waiting_rows / SLOWEST_CATCHING_UP
		? {
				state: 'waiting',
				reason: `${backlog}; leader and Redis are back since ${Math.round(backFor)} s and send them.`,
			}
		: { state: 'stalled', reason: `${backlog}, although a leader and Redis are there: see the leader's log.` };
}
