import { eventually, type Running } from './processes.js';
import { runProgram } from './program.js';
import type { Stack } from './stack.js';

/** The lines of a relay's log that contain a text. */
export const linesOf = (relay: Running, text: string) =>
	relay
		.output()
		.split('\n')
		.filter((line) => line.includes(text));

/** A relay of its own on the stack's database and Redis (see relay-program.ts). @param env on top of the stack's */
export function startRelay(stack: Stack, env: Record<string, string> = {}): Running {
	return runProgram('relay-program.ts', [], { ...stack.env, ...env });
}

/** Starts one and waits until it leads, and has reported. */
export async function startLeader(stack: Stack, env: Record<string, string> = {}): Promise<Running> {
	const relay = startRelay(stack, env);

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
