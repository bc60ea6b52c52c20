import type { Dice } from './dice.js';

/**
 * How many writes of each kind a round has. All write their tag into the rows they make or change, so that each event
 * tells which write it is of.
 */
const COUNTS = {
	/** REST: one item made, changed, deleted */
	api_life: 18,
	/** REST: several items in one request */
	api_many: 5,
	/** REST: one of the rows that everybody changes */
	api_shared: 16,
	/** REST: several of these in one request */
	api_batch: 4,
	/** REST: an entry with its class, vehicle, crew and tracker in one request */
	api_nested: 7,
	/** REST: requests that fail at their last row and must leave nothing */
	api_fails: 4,
	api_batch_fails: 2,
	/** POST /utils/import */
	import_csv: 2,
	import_json: 2,
	import_fails: 1,
	/** POST /positions/flag-faulty */
	flag: 6,
	/** SQL: several rows in one statement, which commits by itself */
	sql_rows: 5,
	/** SQL: a counter in one of the shared rows, or in several, each counted up with its lock held */
	sql_count: 22,
	sql_count_many: 5,
	/** SQL: rows made at the begin of a transaction and at its end, with a pause between */
	sql_slow: 8,
	sql_rolled_back: 5,
	sql_fails: 3,
	/** SQL: half of a transaction is rolled back to a savepoint */
	sql_savepoint: 3,
	/** SQL: a class, a vehicle, entries and their crews in one transaction, then the entries deleted with what hangs on them */
	sql_tree: 5,
};

export type WriteKind = keyof typeof COUNTS;
export const WRITE_KINDS = Object.keys(COUNTS) as WriteKind[];

/** What must be refused or undone, and would test nothing if it were not. */
export const FAILING_KINDS: ReadonlySet<WriteKind> = new Set<WriteKind>([
	'api_fails',
	'api_batch_fails',
	'import_fails',
	'sql_rolled_back',
	'sql_fails',
]);

/** One write, at `at` milliseconds of the round. */
export interface Write {
	at: number;
	kind: WriteKind;
	/** In the rows that it writes; no other write of any round has it. */
	tag: string;
	/** a number that no other write of the round has */
	number: number;
	/** how many rows */
	rows: number;
	/** which of the shared rows */
	shared: number[];
	/** which replica is asked first */
	replica: 0 | 1;
	/** milliseconds for which a transaction holds its locks before it ends */
	hold: number;
}

/** How many rows there are that everybody changes. */
export const SHARED_ROWS = 6;

const sharedRows = Array.from({ length: SHARED_ROWS }, (_, index) => index);

/** @param time milliseconds over which they are spread; in a longer round they are as many and stand wider apart. */
export function planWrites(dice: Dice, seed: string, time: number): Write[] {
	const writes: Write[] = [];

	for (const kind of WRITE_KINDS) {
		for (let count = 0; count < COUNTS[kind]; count += 1) {
			const number = writes.length;

			writes.push({
				at: dice.int(0, time),
				kind,
				tag: `${seed.slice(0, 12)}-${number}`,
				number,
				rows: dice.int(2, 5),
				// In ascending order for all: none waits for another that waits for it.
				shared: dice.some(sharedRows, kind === 'api_shared' || kind === 'sql_count' ? 1 : dice.int(2, 4)),
				replica: dice.pick([0, 1]),
				hold: dice.chance(0.2) ? dice.int(300, 1_200) : dice.int(0, 60),
			});
		}
	}

	return writes.sort((a, b) => a.at - b.at);
}
