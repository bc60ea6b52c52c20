import type { EventStreamStatus } from '../event-status.js';

/** The status for a terminal: what is wrong first, one line for one thing. */
export function statusLines(status: EventStreamStatus): string[] {
	const { state, reason, leader, lag, retained, stream, groups, parked, redis, totals } = status;
	const known = (value: string | number | null) => value ?? 'not known';

	return [
		`state: ${state}. ${reason}`,
		leader === null
			? 'leader: none'
			: `leader: ${known(leader.name)}, database session ${leader.pid}, since ${known(leader.since)}`,
		`report: ${status.reported_at === null ? 'none yet' : `${status.reported_at}, ${seconds(status.report_age_seconds ?? 0)} old`}`,
		`lag: ${lag.rows} events, the oldest for ${seconds(lag.seconds)}`,
		`sequences: last ${status.last_sequence}, published ${status.published_sequence}, retained from ${retained.from} (${retained.rows})`,
		`redis: ${redisWord(redis)}${redis.since === null ? '' : ` since ${redis.since}`}`,
		`stream: ${known(stream.key)}, ${known(stream.length)} entries, ${known(stream.first)} to ${known(stream.last)}`,
		...groups.map(
			({ name, consumers, pending, oldest_pending, last_delivered, lag: behind }) =>
				`group ${name}: ${consumers} consumers, delivered up to ${known(last_delivered)}, ${known(behind)} behind, ` +
				`${pending} pending${oldest_pending === null ? '' : ` from ${oldest_pending} on`}`,
		),
		`parked: ${parked.rows}${parked.rows === 0 ? '' : ' (trm events parked lists them)'}`,
		`ever: rebuilt ${totals.rebuilt}, rewound ${totals.rewound}, parked ${totals.parked}, trimmed unread ${totals.trimmed_unread}`,
	];
}

const seconds = (value: number) => `${value.toFixed(1)} s`;

function redisWord({ usable, problem }: EventStreamStatus['redis']): string {
	if (usable === null) return 'not known';
	return usable ? 'usable' : `not usable (${problem ?? 'no reason was given'})`;
}
