import { readStream, settledStream } from '../support/events.js';
import { eventually } from '../support/processes.js';
import type { StreamEntry } from './marks.js';
import type { Evidence, OutboxRow } from './reconcile.js';
import { COLLECTIONS } from '../../packages/event-contract/collections.js';
import { withoutBookkeeping, type Tables } from './rows.js';
import { STREAM_KEEP } from './replica.js';
import type { World } from './world.js';

/** How long the relay may take, once all servers are up, until everything is published: milliseconds. */
const PUBLISHING = 30_000;

/** An idle relay looks only now and then whether Redis has lost its data: milliseconds. */
const NOTICING = 15_000;

/** How long the consumers may take for what is in Redis: milliseconds. One that was refused pauses for five seconds at most. */
const CONSUMING = 20_000;

/**
 * Waits until all servers serve, nothing is under way in the database, and all is published and consumed, or for as long as it may take.
 * @returns seconds from the servers' being up to the last event's being consumed.
 */
export async function settle(world: World): Promise<number> {
	await eventually('Redis answers', () => world.redis.ping().catch(() => null));
	await eventually('Postgres answers', () => world.db.query('SELECT').catch(() => null));
	await Promise.all(world.replicas.map((replica) => replica.serving()));
	const up = performance.now();
	await eventually('the database is at rest', () => isAtRest(world).catch(() => null));

	// Whether it came to that is seen from the evidence.
	await everythingIsOut(world).catch(() => null);
	await eventually('all is consumed', () => isConsumed(world), CONSUMING).catch(() => null);

	return (performance.now() - up) / 1000;
}

async function isConsumed(world: World): Promise<boolean> {
	const end = await endOf(world);
	return world.ledger.lastSequence >= end && world.handedOver.lastSequence >= end;
}

async function everythingIsOut(world: World): Promise<void> {
	await settledStream(world, PUBLISHING);
	const { length } = await readOutbox(world);
	await eventually('Redis has it all', async () => (await endOf(world)) >= length, NOTICING);
}

/** A request whose client is gone may still be doing something. */
async function isAtRest({ db }: World): Promise<boolean> {
	const { rows } = await db.query<{ busy: boolean }>(
		`SELECT EXISTS (
			SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
		) AS busy`,
	);

	return rows[0]?.busy === false;
}

async function endOf({ redis, stream }: World): Promise<number> {
	const [last] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1);
	return Number(last?.[0].split('-')[0] ?? 0);
}

async function readOutbox({ db }: World): Promise<OutboxRow[]> {
	const { rows } = await db.query<OutboxRow>(
		`SELECT id::float8, stream_seq::float8 AS sequence, event_id AS "eventId", type, subject FROM trm.event_outbox ORDER BY id`,
	);

	return rows;
}

async function readTables({ db }: World): Promise<Tables> {
	const tables: Tables = new Map();

	for (const collection of COLLECTIONS) {
		const { rows } = await db.query<{ row: Record<string, unknown> }>(
			`SELECT to_jsonb(item) - 'published' AS row FROM public.${collection} AS item`,
		);
		tables.set(collection, new Map(rows.map(({ row }) => [String(row['id']), withoutBookkeeping(row)])));
	}

	return tables;
}

export async function gatherEvidence(world: World): Promise<Evidence> {
	const entries = await readStream(world);

	const stream: StreamEntry[] = entries.map(({ entryId, fields, data }) => ({
		entryId,
		sequence: Number(fields['sequence']),
		eventId: fields['id'] ?? '',
		type: fields['type'] ?? '',
		subject: fields['subject'] ?? '',
		data,
	}));

	return {
		outbox: await readOutbox(world),
		stream,
		keep: STREAM_KEEP,
		ledger: world.ledger,
		handedOver: world.handedOver,
		writes: world.writes,
		tables: await readTables(world),
	};
}
