import type { ClientBase } from 'pg';
import type { Place, World } from './world.js';

/** One trm.vehicles.updated as the trigger writes it, about 400 bytes of jsonb; %s is the number of the row. */
const EVENT = `
	'trm.vehicles.updated',
	'vehicles/' || gen_random_uuid(),
	jsonb_build_object(
		'row', jsonb_build_object(
			'id', gen_random_uuid(), 'make', 'Honda', 'model', '450 Rally ' || n, 'year', 2026, 'plate', 'AA ' || n || ' BB',
			'vin', 'VBKR' || lpad(n::text, 13, '0'), 'kind', 'moto',
			'date_created', '2026-06-06T08:00:00.123+00:00', 'date_updated', '2026-06-07T08:00:00.123+00:00',
			'user_created', '0b9d6f1e-6f0c-4d53-9d0a-0d8f5a0c9b11', 'user_updated', '0b9d6f1e-6f0c-4d53-9d0a-0d8f5a0c9b11'
		),
		'changed', jsonb_build_object(
			'make', jsonb_build_object('old', 'KTM', 'new', 'Honda'),
			'date_updated', jsonb_build_object('old', NULL, 'new', '2026-06-07T08:00:00.123+00:00')
		)
	)`;

const INSERT_WAITING = `INSERT INTO trm.event_outbox (type, subject, data) SELECT ${EVENT} FROM generate_series(1, $1::int) AS n`;

/** Published rows with the sequences from $1 to $2. Where $3 is given, all have expired but every $3rd, the first among them. */
const INSERT_RETAINED = `
	INSERT INTO trm.event_outbox (type, subject, data, stream_seq, sequenced_at)
	SELECT ${EVENT}, n, now() - make_interval(days => CASE WHEN n % coalesce($3::int, 1) = 1 % coalesce($3::int, 1) THEN 0 ELSE 60 END)
	FROM generate_series($1::int, $2::int) AS n`;

const RETAINED_AT_ONCE = 500_000;

/** Writes rows that wait to be published, in the client's transaction. */
export async function insertWaiting(client: ClientBase, rows: number): Promise<void> {
	await client.query(INSERT_WAITING, [rows]);
}

/**
 * Gives a place that nobody drains yet a history of `rows` published rows; the stream ends where they do.
 * @param period of so many rows one, the first, has not expired, and keeps those after it from being deleted; null: none has.
 */
export async function insertRetained({ redis }: World, place: Place, rows: number, period: number | null) {
	const { db, stream } = place;

	for (let from = 1; from <= rows; from += RETAINED_AT_ONCE) {
		const to = Math.min(from + RETAINED_AT_ONCE - 1, rows);
		await db.query(INSERT_RETAINED, [from, to, period]);
		if (rows > RETAINED_AT_ONCE) console.log(`  ${to} of ${rows} retained rows`);
	}

	await db.query('UPDATE trm.event_stream SET last_seq = $1, published_seq = $1, retained_from = 1', [rows]);
	await redis.xadd(stream, `${rows}-0`, 'data', '{}');
	await tidy(place);
}

/** Statistics and visibility map as autovacuum would have brought them about. */
export async function tidy({ db }: Place): Promise<void> {
	await db.query('VACUUM (ANALYZE) trm.event_outbox');
}

/** Lets what was retained from this sequence on expire, up to the next one that has not. */
export async function expireFrom({ db }: Place, seq: number): Promise<void> {
	await db.query(`UPDATE trm.event_outbox SET sequenced_at = now() - interval '60 days' WHERE stream_seq = $1`, [seq]);
}

export async function retainedFrom({ db }: Place): Promise<number> {
	const { rows } = await db.query<{ seq: string }>('SELECT retained_from AS seq FROM trm.event_stream');
	return Number(rows[0]?.seq);
}
