import type { Redis } from 'ioredis';
import { WAITS, type Waits } from '../../extensions/trm/src/event-stream/relay/waits.js';
import { eventually, type Running } from './processes.js';
import { runProgram } from './program.js';
import type { Stack } from './stack.js';

/** The lines of a relay's log that contain a text. */
export const linesOf = (relay: Running, text: string) =>
	relay
		.output()
		.split('\n')
		.filter((line) => line.includes(text));

const { contend, pulse, endCheck, retry, longestPause, housekeeping, silence, reply } = WAITS;

const times = <Given extends Partial<Waits>>(factor: number, waits: Given) =>
	Object.fromEntries(Object.entries(waits).map(([name, duration]) => [name, duration * factor])) as Given;

/** How often a relay of these tests does something: ten times as often as in production. */
const OFTEN = times(0.1, { contend, pulse, endCheck, retry, longestPause, housekeeping });

/**
 * How long things may take, for tests that wait until something has taken too long. Half of what it is in production and no
 * less: on a busy machine a sound leader is silent for more than a second now and then.
 */
export const IMPATIENT = times(0.5, { silence, reply });

/**
 * A relay of its own on the stack's database and Redis (see relay-program.ts).
 * @param env on top of the stack's
 * @param waits on top of OFTEN
 */
export function startRelay(stack: Stack, env: Record<string, string> = {}, waits: Partial<Waits> = {}): Running {
	return runProgram('relay-program.ts', [], {
		...stack.serverEnv,
		EVENT_POLL_INTERVAL: '50',
		RELAY_WAITS: JSON.stringify({ ...OFTEN, ...waits }),
		...env,
	});
}

/** Starts one and waits until it leads, and has reported. */
export async function startLeader(
	stack: Stack,
	env: Record<string, string> = {},
	waits: Partial<Waits> = {},
): Promise<Running> {
	const relay = startRelay(stack, env, waits);

	await eventually('the relay leads', async () => {
		if (relay.child.exitCode !== null) throw new Error(`the relay ended early:\n${relay.output()}`);
		return (await leader(stack))?.endsWith(`:${relay.child.pid}`);
	});

	return relay;
}

/** host:process of the replica that leads and has said so; null when nobody does. */
export async function leader({ db }: Stack): Promise<string | null> {
	const { rows } = await db.query<{ leader: string | null }>('SELECT leader FROM trm.event_stream_lag');
	return rows[0]?.leader ?? null;
}

/** Waits until the leader has begun and ended so many rounds of housekeeping from now on. */
export async function rounds(stack: Stack, count: number): Promise<void> {
	const reportedAt = async () => {
		const { rows } = await stack.db.query<{ at: string }>('SELECT reported_at::text AS at FROM trm.event_stream_lag');
		return rows[0]?.at;
	};

	// It reports in the middle of a round.
	for (let round = 0, last = await reportedAt(); round <= count; round += 1) {
		last = await eventually('the leader reports', async () => {
			const now = await reportedAt();
			return now !== last && now;
		});
	}
}

/** Waits until Redis was asked so many times more for this command, as INFO names it. */
export const moreCalls = (redis: Redis, command: string, count: number) =>
	moreOf(redis, 'commandstats', `cmdstat_${command}:calls=`, count);

/** Waits until Redis has refused so many more commands with this code. */
export const moreRefusals = (redis: Redis, code: string, count: number) =>
	moreOf(redis, 'errorstats', `errorstat_${code}:count=`, count);

async function moreOf(redis: Redis, section: string, label: string, count: number): Promise<void> {
	const counted = async () => Number.parseInt((await redis.info(section)).split(label)[1] ?? '0', 10);
	const before = await counted();
	await eventually(`Redis counts ${count} more: ${label}`, async () => (await counted()) >= before + count);
}

/** How many replicas have found that another leads, and try again. */
export async function contenders({ db }: Stack): Promise<number> {
	const { rows } = await db.query<{ count: number }>(
		`SELECT count(*)::int AS count FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'trm-event-stream' AND query LIKE '%depose_silent_leader%'`,
	);

	return rows[0]?.count ?? 0;
}

let serial = 0;

/** Writes vehicles by SQL, so that no hook of Directus wakes anybody. @returns their ids. */
export async function writeVehicles(stack: Stack, count: number): Promise<string[]> {
	const { rows } = await stack.db.query<{ id: string }>(
		`INSERT INTO vehicles (id, organization, make, model, kind)
		SELECT gen_random_uuid(), $3, 'KTM', ($2::int + n)::text, 'moto' FROM generate_series(1, $1::int) AS n RETURNING id`,
		[count, (serial += count), await stack.home()],
	);

	return rows.map(({ id }) => id);
}

/** What the outbox and the stream must agree on: each row once, in order, without a gap. @returns the types in order. */
export async function expectExactlyOnce({
	db,
	redis,
	stream,
}: Pick<Stack, 'db' | 'redis' | 'stream'>): Promise<string[]> {
	const { rows } = await db.query<{ seq: string; id: string; type: string }>(
		'SELECT stream_seq AS seq, event_id AS id, type FROM trm.event_outbox ORDER BY stream_seq',
	);

	const entries = await redis.xrange(stream, '-', '+');
	const inStream = entries.map(([entryId, fields]) => `${entryId} ${fields[fields.indexOf('id') + 1]}`);
	const expected = rows.map(({ seq, id }) => `${seq}-0 ${id}`);

	if (inStream.join('\n') !== expected.join('\n')) {
		throw new Error(`the stream is not the outbox.\nstream:\n${inStream.join('\n')}\noutbox:\n${expected.join('\n')}`);
	}

	return rows.map(({ type }) => type);
}
