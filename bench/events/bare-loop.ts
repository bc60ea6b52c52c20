import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { cloudEventFields, type OutboxEvent } from '../../extensions/trm/src/event-stream/cloud-event.js';
import { canonicalTimestampSql } from '../../extensions/trm/src/lib/timestamp.js';

// What the relay is measured against: the least that moves the rows. It claims a batch, sends it, and goes on. It does not
// mark what is sent, compare where the stream ends, or survive anything.

const BATCH = 1_000;

/** The relay's batch and fields in one statement; a SQL sequence is quick, and leaves gaps that the relay may not. */
const CLAIM = `
	UPDATE trm.event_outbox AS outbox SET stream_seq = nextval('bare_loop')
	FROM (SELECT id FROM trm.event_outbox WHERE stream_seq IS NULL ORDER BY id LIMIT ${BATCH}) AS waiting
	WHERE outbox.id = waiting.id
	RETURNING outbox.stream_seq::text AS seq, outbox.event_id AS id, outbox.type, outbox.subject, outbox.data::text AS data,
		${canonicalTimestampSql('outbox.occurred_at')} AS time`;

const { env } = process;
const stream = env['EVENT_STREAM'] as string;
const redis = new Redis(env['REDIS'] as string);
const database = new pg.Client({
	host: env['DB_HOST'] as string,
	port: Number(env['DB_PORT']),
	database: env['DB_DATABASE'] as string,
	user: env['DB_USER'] as string,
	password: env['DB_PASSWORD'] as string,
});

process.on('SIGTERM', () => process.exit(0));
await database.connect();
await database.query('CREATE SEQUENCE bare_loop');
await redis.ping();
process.stdout.write('ready\n');

for (;;) {
	const { rows } = await database.query<OutboxEvent>(CLAIM);
	if (rows.length === 0) {
		await sleep(Number(env['EVENT_POLL_INTERVAL']));
		continue;
	}

	const pipeline = redis.pipeline();
	for (const row of rows) pipeline.xadd(stream, `${row.seq}-0`, ...cloudEventFields(row, '/trm-directus'));
	const replies = await pipeline.exec();
	const failed = replies?.find(([error]) => error !== null);
	if (failed !== undefined) throw failed[0];
}
