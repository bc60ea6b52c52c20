import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../tests/support/processes.js';
import { percentile } from '../statistics.js';
import { Api } from './api.js';
import type { Arrivals } from './arrivals.js';
import type { Sizes } from './arguments.js';
import { startDirectus, startReady } from './programs.js';
import type { Scope } from './scope.js';
import type { Place, World } from './world.js';

const WRITES_PER_SECOND = 100;
const WARM_UP_SECONDS = 3;
const CONNECTIONS = 32;

/** When each vehicle was committed, milliseconds since 1970; null where the server does not keep that. */
const COMMITTED = `
	SELECT 'vehicles/' || id AS subject, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS at
	FROM vehicles WHERE id = ANY ($1)`;

export interface Latency {
	/** milliseconds from commit to the consumer's having it */
	latencies: number[];
	/** milliseconds that an answer to PING took meanwhile */
	pings: number[];
	/** what the latencies count from */
	from: 'commit' | 'event';
	/** writes per second that were answered, which falls short of what was meant on a machine that is too slow */
	rate: number;
}

/** Writes at a steady rate through the API, and takes the time from each commit to the event's arrival at a consumer. */
export async function measureLatency(world: World, scope: Scope, { seconds }: Sizes): Promise<Latency> {
	const place = await world.newPlace(scope);
	const api = new Api(place.url, await startDirectus(scope, place), CONNECTIONS);
	await scope.defer(async () => api.close());

	await writeSteadily(api, WARM_UP_SECONDS);
	const consumer = await startReady(scope, 'arrivals', place);
	const { ids, rate } = await writeSteadily(api, seconds);

	await eventually('all is published', async () => {
		const { rows } = await place.db.query<{ waiting: string }>(
			'SELECT waiting_rows AS waiting FROM trm.event_stream_lag',
		);
		return rows[0]?.waiting === '0';
	});
	await sleep(200);
	await consumer.end();
	const { events, pings } = JSON.parse(consumer.output().trim().split('\n').at(-1) ?? '') as Arrivals;

	const created = new Map(
		events.filter(({ type }) => type === 'trm.vehicles.created').map((event) => [event.subject, event]),
	);
	const committed = await commitTimes(place, ids);
	const latencies = ids.map((id) => {
		const event = created.get(`vehicles/${id}`);
		if (event === undefined) throw new Error(`vehicles/${id} was created, and no event of it has come`);
		return event.at - (committed?.get(event.subject) ?? toMilliseconds(event.time));
	});

	return { latencies, pings, from: committed === null ? 'event' : 'commit', rate };
}

/** Each write at its time, whether those before are answered or not. */
async function writeSteadily(api: Api, seconds: number): Promise<{ ids: string[]; rate: number }> {
	const began = performance.now();
	const writes: Promise<string>[] = [];

	for (let number = 0; number < seconds * WRITES_PER_SECOND; number += 1) {
		const early = (number * 1_000) / WRITES_PER_SECOND - (performance.now() - began);
		if (early > 0) await sleep(early);
		const write = api.createVehicle();
		// Thrown below; until then it must not end the process.
		write.catch(() => undefined);
		writes.push(write);
	}

	const ids = await Promise.all(writes);
	return { ids, rate: (ids.length * 1_000) / (performance.now() - began) };
}

async function commitTimes({ db }: Place, ids: string[]): Promise<Map<string, number> | null> {
	const { rows: settings } = await db.query<{ track_commit_timestamp: string }>('SHOW track_commit_timestamp');
	if (settings[0]?.track_commit_timestamp !== 'on') {
		console.log('  track_commit_timestamp is off: latencies count from the trigger, which is earlier than the commit');
		return null;
	}

	const { rows } = await db.query<{ subject: string; at: number }>(COMMITTED, [ids]);
	return new Map(rows.map(({ subject, at }) => [subject, at]));
}

/** Date.parse leaves the microseconds out. */
function toMilliseconds(time: string): number {
	return Date.parse(time) + Number(time.slice(-4, -1)) / 1_000;
}

/** @returns the figures of the report; milliseconds. */
export function summarise({ latencies, pings, from, rate }: Latency) {
	return {
		latency_p50_ms: percentile(latencies, 50),
		latency_p99_ms: percentile(latencies, 99),
		redis_noop_p50_ms: percentile(pings, 50),
		redis_noop_p99_ms: percentile(pings, 99),
		latency_counts_from: from,
		latency_writes: latencies.length,
		latency_writes_per_second: Math.round(rate),
	};
}
