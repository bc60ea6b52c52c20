import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { PlantedFix } from './faults.js';
import { raceFixesOf, trackersOf, type FixSize, type Tracker } from './race-fixes.js';
import type { Seed } from './seed.js';
import { COPY_FIXES, CREATE_BUFFER, EMPTY_BUFFER, INSERT_FIXES } from './sql.js';
import { isoOf } from './timestamp.js';

export interface FixCounts {
	/** All that the generator made. */
	made: number;
	/** Those that were not there before. */
	inserted: number;
}

/** Fixes in a buffer before it is emptied into positions; bounds disk and memory of a large load. */
const BATCH = 100_000;
/** A line of progress at most this often, ms. */
const PROGRESS = 2000;

/** Streams the race day into `positions`: generated, copied and inserted without ever holding more than a few rows. */
export async function writeFixes(
	transaction: Knex.Transaction,
	seed: Seed,
	size: Required<FixSize>,
	print: (line: string) => void,
): Promise<FixCounts> {
	const trackers = trackersOf(seed, size.entries);
	const fixesOf = raceFixesOf(seed);
	const counts: FixCounts = { made: 0, inserted: 0 };
	const connection = await connectionOf(transaction);
	const perBatch = Math.max(1, Math.floor(BATCH / Math.max(size.fixesPerDevice, 1)));
	let told = Date.now();

	await transaction.raw(CREATE_BUFFER);

	for (let start = 0; start < trackers.length; start += perBatch) {
		const batch = trackers.slice(start, start + perBatch);
		const lines = copyLines(batch, (tracker) => fixesOf(tracker, size), counts);
		await pipeline(Readable.from(lines), connection.query(copyFrom(COPY_FIXES)));

		const { rowCount } = await transaction.raw<{ rowCount: number }>(INSERT_FIXES);
		await transaction.raw(EMPTY_BUFFER);
		counts.inserted += rowCount;

		const done = Math.min(start + perBatch, trackers.length);
		if (Date.now() - told >= PROGRESS && done < trackers.length) {
			told = Date.now();
			print(`fixes: ${counts.made} of ${done} trackers, ${trackers.length} in all`);
		}
	}

	return counts;
}

/** knex hands out the pg client that its transaction runs on; COPY must go over that very connection. */
async function connectionOf(transaction: Knex.Transaction): Promise<Client> {
	return (await (transaction.client as { acquireConnection(): Promise<unknown> }).acquireConnection()) as Client;
}

/** COPY's text format, some 64 kB at a time: a chunk for each fix would cost more than the fix. */
function* copyLines(
	trackers: Tracker[],
	fixesOf: (tracker: Tracker) => Iterable<PlantedFix>,
	counts: FixCounts,
): Generator<string> {
	const CHUNK = 65_536;
	let chunk = '';

	for (const tracker of trackers) {
		for (const { fix } of fixesOf(tracker)) {
			counts.made++;
			// No value holds a tab, a newline or a backslash: numbers, digits and JSON of numbers.
			chunk += `${fix.device_id}\t${isoOf(fix.ts)}\t${fix.latitude}\t${fix.longitude}\t${fix.altitude}\t${fix.angle}\t${fix.speed}\t${fix.satellites}\t${fix.priority}\t${JSON.stringify(fix.attributes)}\t${isoOf(fix.received_at)}\n`;

			if (chunk.length >= CHUNK) {
				yield chunk;
				chunk = '';
			}
		}
	}

	if (chunk !== '') yield chunk;
}
