import { EVENT_STATES } from '../event-state.js';
import type { EventStreamStatus } from '../event-status.js';
import type { Metric } from './exposition.js';

/** The status in numbers, in base units. What nobody has reported yet has no sample, rather than a wrong 0. */
export function metricsOf(status: EventStreamStatus): Metric[] {
	return [...relayMetrics(status), ...streamMetrics(status), ...groupMetrics(status), ...totals(status)];
}

const gauge = (name: string, help: string, value: number | null): Metric => ({
	name,
	type: 'gauge',
	help,
	samples: [{ value }],
});

const counter = (name: string, help: string, value: number): Metric => ({
	name,
	type: 'counter',
	help,
	samples: [{ value }],
});

const flag = (value: boolean | null): number | null => (value === null ? null : Number(value));

function relayMetrics(status: EventStreamStatus): Metric[] {
	return [
		{
			name: 'trm_event_stream_state',
			type: 'gauge',
			help: '1 for the state that the stream is in, 0 for the others.',
			samples: EVENT_STATES.map((state) => ({ labels: { state }, value: Number(state === status.state) })),
		},
		gauge(
			'trm_event_stream_leaders',
			'Replicas that lead: 1, or 0 when nobody publishes.',
			flag(status.leader !== null),
		),
		gauge('trm_event_stream_report_age_seconds', "Age of the leader's last report.", status.report_age_seconds),
		gauge('trm_event_stream_redis_usable', 'Whether the leader can write to Redis.', flag(status.redis.usable)),
		gauge('trm_event_stream_waiting_rows', 'Events that are not in the stream yet.', status.lag.rows),
		gauge('trm_event_stream_lag_seconds', 'Age of the oldest event that is not in the stream yet.', status.lag.seconds),
		gauge('trm_event_stream_parked_rows', 'Events that could not be sent and were put aside.', status.parked.rows),
	];
}

function streamMetrics({ last_sequence, published_sequence, retained, stream }: EventStreamStatus): Metric[] {
	return [
		gauge('trm_event_stream_last_sequence', 'Last sequence that was given to an event.', last_sequence),
		gauge('trm_event_stream_published_sequence', 'Last sequence known to be in Redis.', published_sequence),
		gauge('trm_event_stream_retained_from_sequence', 'First sequence that retention has kept.', retained.from),
		gauge('trm_event_stream_retained_rows', 'Events that retention has kept.', retained.rows),
		gauge('trm_event_stream_entries', 'Entries of the Redis stream.', stream.length),
		gauge('trm_event_stream_entries_first_sequence', 'Sequence of the first entry of the Redis stream.', stream.first),
		gauge('trm_event_stream_entries_last_sequence', 'Sequence where the Redis stream ends.', stream.last),
	];
}

function groupMetrics({ groups }: EventStreamStatus): Metric[] {
	const ofGroups = (
		name: string,
		help: string,
		valueOf: (group: (typeof groups)[number]) => number | null,
	): Metric => ({
		name,
		type: 'gauge',
		help,
		samples: groups.map((group) => ({ labels: { group: group.name }, value: valueOf(group) })),
	});

	return [
		ofGroups('trm_event_stream_group_consumers', 'Consumers of the group.', ({ consumers }) => consumers),
		ofGroups(
			'trm_event_stream_group_pending_entries',
			'Entries that were delivered to the group and not acknowledged.',
			({ pending }) => pending,
		),
		ofGroups(
			'trm_event_stream_group_oldest_pending_sequence',
			'Sequence of the oldest entry that the group has not acknowledged.',
			({ oldest_pending }) => oldest_pending,
		),
		ofGroups(
			'trm_event_stream_group_last_delivered_sequence',
			'Last sequence that was delivered to the group.',
			({ last_delivered }) => last_delivered,
		),
		ofGroups('trm_event_stream_group_lag_entries', 'Entries that the group has not been given.', ({ lag }) => lag),
	];
}

function totals({ totals: { rebuilt, rewound, parked, trimmed_unread } }: EventStreamStatus): Metric[] {
	return [
		counter('trm_event_stream_rebuilt_total', 'Times that Redis was found to have lost entries.', rebuilt),
		counter('trm_event_stream_rewound_total', 'Times that Postgres was found to be an older backup.', rewound),
		counter('trm_event_stream_parked_total', 'Events that were ever put aside.', parked),
		counter(
			'trm_event_stream_trimmed_unread_total',
			'Entries that the hard cap removed before every group had read them.',
			trimmed_unread,
		),
	];
}
