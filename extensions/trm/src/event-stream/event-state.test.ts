import { describe, expect, it } from 'vitest';
import { judgeEventStream } from './event-state.js';

type Facts = Parameters<typeof judgeEventStream>[0];

/** A leader that has led and reached Redis for an hour, and nothing waits. */
const healthy: Facts = {
	waiting_rows: 0,
	lag_seconds: 0,
	leader_pid: 4711,
	leader: 'replica-1:8',
	leading_seconds: 3_600,
	report_age_seconds: 2,
	redis_usable: true,
	redis_problem: null,
	redis_seconds: 3_600,
};

const stateOf = (facts: Partial<Facts>) => judgeEventStream({ ...healthy, ...facts }).state;

describe('judgeEventStream', () => {
	it.each<[string, Partial<Facts>]>([
		['nothing waits', {}],
		['what waits is a moment old', { waiting_rows: 40, lag_seconds: 0.2 }],
		['an hour of calm', { leading_seconds: 90_000, redis_seconds: 90_000 }],
	])('ok: %s', (_, facts) => {
		expect(stateOf(facts)).toBe('ok');
	});

	it.each<[string, Partial<Facts>]>([
		['the lead changes hands', { leader_pid: null, leader: null, leading_seconds: null, report_age_seconds: 8 }],
		['a new leader has not reported yet', { leader: null, leading_seconds: null, report_age_seconds: 8 }],
		['Redis restarts', { redis_usable: false, redis_seconds: 10 }],
		['a leader has not reached Redis yet', { redis_usable: null, redis_seconds: null }],
		['an import is being sent', { waiting_rows: 100_000, lag_seconds: 20 }],
		['an hour of outage is caught up with', { waiting_rows: 400_000, lag_seconds: 3_600, redis_seconds: 100 }],
		['the same with a new leader', { waiting_rows: 400_000, lag_seconds: 3_600, leading_seconds: 100 }],
	])('waiting: %s', (_, facts) => {
		expect(stateOf(facts)).toBe('waiting');
	});

	it.each<[string, Partial<Facts>]>([
		['the leader has fallen silent', { report_age_seconds: 31 }],
		['a session leads that never reported', { leader: null, leading_seconds: null, report_age_seconds: null }],
		['nothing moves though all is there', { waiting_rows: 1, lag_seconds: 61 }],
		['few rows still wait long after an outage', { waiting_rows: 10, lag_seconds: 3_600, redis_seconds: 100 }],
	])('stalled: %s', (_, facts) => {
		expect(stateOf(facts)).toBe('stalled');
	});

	it.each<[string, Partial<Facts>]>([
		['nobody leads', { leader_pid: null, leader: null, leading_seconds: null, report_age_seconds: 31 }],
		['nobody ever led', { leader_pid: null, leader: null, leading_seconds: null, report_age_seconds: null }],
		['Redis stays away', { redis_usable: false, redis_seconds: 31 }],
		['Redis is away since nobody knows when', { redis_usable: false, redis_seconds: null }],
		['Redis stays away and nobody wants to lead', { redis_usable: false, redis_seconds: 31, leader_pid: null }],
		['Redis stays away from a leader who never reached it', { redis_usable: false, redis_seconds: 31, leader: null }],
	])('down: %s', (_, facts) => {
		expect(stateOf(facts)).toBe('down');
	});

	it('does not take an old report on Redis for news', () => {
		expect(stateOf({ redis_usable: false, redis_seconds: 900, report_age_seconds: 800 })).toBe('stalled');
	});

	it('gives the reason of Redis, and the worst first', () => {
		const facts: Facts = {
			...healthy,
			redis_usable: false,
			redis_seconds: 600,
			redis_problem: 'WRONGPASS',
			waiting_rows: 3,
		};

		expect(judgeEventStream(facts).reason).toBe('Redis cannot be used since 600 s: WRONGPASS');
		expect(judgeEventStream({ ...facts, leader_pid: null, report_age_seconds: 600 }).reason).toContain('No replica');
	});
});
