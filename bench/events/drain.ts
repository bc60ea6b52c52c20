import { setTimeout as sleep } from 'node:timers/promises';
import { insertWaiting, tidy } from './outbox-rows.js';
import type { Place, World } from './world.js';

/** Between two looks at the stream's length, milliseconds. */
const LOOK_INTERVAL = 2;

const PATIENCE_MS = 300_000;

/** Between the clearing up after one drain and the next, milliseconds. */
const REST = 300;

/**
 * Commits `rows` waiting rows in one transaction and waits until the stream has them all. Whoever drains is up and idle.
 * @param beforeCommit what happens once the rows are written and before anybody can see them
 * @returns events per second, from the commit on.
 */
export async function measureDrain(
	{ redis }: World,
	place: Place,
	rows: number,
	beforeCommit: () => Promise<void> = async () => undefined,
): Promise<number> {
	const { db, stream } = place;
	const length = (await redis.xlen(stream)) + rows;
	const client = await db.connect();

	try {
		await client.query('BEGIN');
		await insertWaiting(client, rows);
		await beforeCommit();
		const began = performance.now();
		await client.query('COMMIT');

		while ((await redis.xlen(stream)) < length) {
			if (performance.now() - began > PATIENCE_MS) throw new Error(`${stream} is not drained after ${PATIENCE_MS} ms`);
			await sleep(LOOK_INTERVAL);
		}

		return Math.round((rows * 1_000) / (performance.now() - began));
	} finally {
		client.release();
	}
}

/** Takes what a drain has left out of the way of the next one: entries in memory, dead rows. */
export async function clearUp({ redis }: World, place: Place): Promise<void> {
	await sleep(REST);
	await redis.xtrim(place.stream, 'MAXLEN', 0);
	await tidy(place);
}
