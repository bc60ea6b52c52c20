import { describe, expect, it } from 'vitest';
import { Ledger } from './ledger.js';
import { markOf, type Row, type StreamEntry, type WriteRecord } from './marks.js';
import { FAILURES, reconcile, type Evidence, type Findings, type OutboxRow } from './reconcile.js';
import { PUBLISHED, type Tables } from './rows.js';

const vehicle = (id: string, model: string, year: number): Row => ({ id, model, year });

/** The event that a change of a row makes; the sequence is its place in the world. */
type Change = Pick<StreamEntry, 'type' | 'subject' | 'data'>;

const created = (collection: string, row: Row): Change => ({
	type: `trm.${collection}.created`,
	subject: `${collection}/${row['id']}`,
	data: { row },
});

const updated = (old: Row, row: Row): Change => {
	const changed = Object.entries(row).filter(([column, value]) => value !== old[column]);

	return {
		type: 'trm.vehicles.updated',
		subject: `vehicles/${row['id']}`,
		data: {
			row,
			changed: Object.fromEntries(changed.map(([column, value]) => [column, { old: old[column], new: value }])),
		},
	};
};

const CHANGES: Change[] = [
	created('vehicles', vehicle('v', 'one', 0)),
	updated(vehicle('v', 'one', 0), vehicle('v', 'two', 1)),
	updated(vehicle('v', 'two', 1), vehicle('v', 'three', 2)),
	created('organizations', { id: 'o', name: 'four' }),
	created('organization_vehicles', { id: 'ov', organization: 'o', vehicle: 'v' }),
	{ type: 'trm.stream.rebuilt', subject: 'stream', data: {} },
	created('vehicles', vehicle('w', 'seven', 0)),
	{ type: 'trm.vehicles.deleted', subject: 'vehicles/w', data: { row: vehicle('w', 'seven', 0) } },
];

const entryOf = (change: Change, sequence: number): StreamEntry => ({
	...change,
	entryId: `${sequence}-0`,
	sequence,
	eventId: `event-${sequence}`,
});

const committed = (what: string, ...marks: string[]): WriteRecord => ({
	what,
	outcome: 'committed',
	marks: Object.fromEntries(marks.map((mark) => [mark, 1])),
});

interface Made {
	outbox: OutboxRow[];
	stream: StreamEntry[];
	/** what the consumer received, one after the other */
	arrivals: StreamEntry[];
	writes: WriteRecord[];
	tables: Tables;
}

/** A world in which all is well, which each test spoils in one way. */
function makeWorld(): Made {
	const stream = CHANGES.map((change, index) => entryOf(change, index + 1));
	const tables: Tables = new Map(PUBLISHED.map((collection) => [collection, new Map<string, Row>()]));

	tables.get('vehicles')?.set('v', vehicle('v', 'three', 2));
	tables.get('organizations')?.set('o', { id: 'o', name: 'four' });
	tables.get('organization_vehicles')?.set('ov', { id: 'ov', organization: 'o', vehicle: 'v' });

	return {
		outbox: stream.map(({ sequence, eventId, type, subject }) => ({
			id: sequence * 10,
			sequence,
			eventId,
			type,
			subject,
		})),
		stream,
		arrivals: [...stream],
		writes: [
			committed('first', markOf('created', 'one')),
			committed('second', markOf('updated', 'two')),
			committed('third', markOf('updated', 'three')),
			committed('fourth', markOf('created', 'seven')),
			committed('fifth', markOf('deleted', 'seven')),
			{ what: 'sixth', outcome: 'rolled back', marks: { [markOf('created', 'never')]: 2 } },
			{ what: 'seventh', outcome: 'unknown', marks: { [markOf('created', 'perhaps')]: 2 } },
		],
		tables,
	};
}

function findIn({ arrivals, ...made }: Made): Findings {
	const ledger = new Ledger();
	for (const entry of arrivals) ledger.receive(entry);
	const evidence: Evidence = { ...made, ledger };
	return reconcile(evidence);
}

/** @returns what is found once `spoil` has been at it: how many of each sort, the others left out. */
function countsAfter(spoil: (made: Made) => void): Partial<Record<keyof Findings, number>> {
	const made = makeWorld();
	spoil(made);
	const findings = findIn(made);
	return Object.fromEntries(
		FAILURES.flatMap((sort) => (findings[sort].length > 0 ? [[sort, findings[sort].length]] : [])),
	);
}

const swap = <T>(list: T[], a: number, b: number) => ([list[a], list[b]] = [list[b] as T, list[a] as T]);

describe('reconcile', () => {
	it('finds nothing where all is well', () => {
		expect(countsAfter(() => undefined)).toEqual({});
	});

	it('finds nothing wrong with entries that come again as they were', () => {
		expect(countsAfter(({ arrivals }) => void arrivals.push(...arrivals.slice(0, 4)))).toEqual({});
	});

	describe('lost', () => {
		it('counts an event that is in the outbox and not in the stream', () => {
			expect(countsAfter(({ stream }) => void stream.splice(3, 1))).toEqual({ lost: 1 });
		});

		it('counts an event of the relay itself like any other', () => {
			expect(countsAfter(({ stream }) => void stream.splice(5, 1))).toEqual({ lost: 1 });
		});

		it('counts an event that was not published', () => {
			const counts = countsAfter((made) => {
				(made.outbox[5] as OutboxRow).sequence = null;
				for (const list of [made.stream, made.arrivals]) list.splice(5, 1);
			});

			// The event, and the gap that it leaves.
			expect(counts).toEqual({ lost: 2 });
		});

		it('counts an event that never reached the consumer, and the write it was of', () => {
			// Also the deletion that follows has nothing to delete.
			expect(countsAfter(({ arrivals }) => void arrivals.splice(6, 1))).toEqual({ lost: 2, reordered: 1 });
		});

		it('counts a gap in the sequences', () => {
			const counts = countsAfter((made) => {
				for (const list of [made.outbox, made.stream, made.arrivals]) list.splice(5, 1);
			});

			expect(counts).toEqual({ lost: 1 });
		});

		it('counts a committed write of which nothing tells', () => {
			expect(countsAfter(({ writes }) => void writes.push(committed('more', markOf('created', 'gone'))))).toEqual({
				lost: 1,
			});
		});

		it('counts half of a write of which it is not known whether it was committed', () => {
			const half: WriteRecord = {
				what: 'half',
				outcome: 'unknown',
				marks: { [markOf('created', 'one')]: 1, [markOf('created', 'gone')]: 1 },
			};

			expect(countsAfter(({ writes }) => void writes.push(half))).toEqual({ lost: 1 });
		});

		it('counts a row that no event tells of, and a change', () => {
			expect(countsAfter(({ tables }) => void tables.get('vehicles')?.set('x', vehicle('x', 'x', 0)))).toEqual({
				lost: 1,
			});
			expect(countsAfter(({ tables }) => void tables.get('vehicles')?.set('v', vehicle('v', 'three', 3)))).toEqual({
				lost: 1,
			});
		});
	});

	describe('duplicated', () => {
		it('counts an event under two sequences', () => {
			const counts = countsAfter(({ stream }) => {
				stream.push({ ...(stream[3] as StreamEntry), sequence: 9, entryId: '9-0' });
			});

			expect(counts).toMatchObject({ duplicated: 1 });
		});

		it('counts two entries for one sequence', () => {
			const again = (list: StreamEntry[]) => void list.push({ ...(list[7] as StreamEntry), entryId: '8-1' });

			expect(countsAfter(({ stream }) => again(stream))).toMatchObject({ duplicated: 2 });
			expect(countsAfter(({ arrivals }) => again(arrivals))).toEqual({ duplicated: 1 });
		});

		it('counts a write that was done twice', () => {
			const counts = countsAfter(({ writes }) => {
				writes.push({ what: 'none', outcome: 'committed', marks: { [markOf('created', 'one')]: 0 } });
			});

			expect(counts).toEqual({ duplicated: 1 });
		});
	});

	describe('reordered', () => {
		it('counts events of one row that were numbered the wrong way round', () => {
			const counts = countsAfter(({ outbox }) => {
				const [second, third] = [outbox[1] as OutboxRow, outbox[2] as OutboxRow];
				[second.id, third.id] = [third.id, second.id];
				swap(outbox, 1, 2);
			});

			expect(counts).toEqual({ reordered: 1 });
		});

		it('leaves the place of the relay’s own events free', () => {
			const more = entryOf({ type: 'trm.stream.rebuilt', subject: 'stream', data: {} }, 9);

			const counts = countsAfter((made) => {
				made.outbox.unshift({ ...more, id: 1 });
				made.stream.push(more);
				made.arrivals.push(more);
			});

			expect(counts).toEqual({});
		});

		it('counts an arrival before a lower sequence', () => {
			expect(countsAfter(({ arrivals }) => swap(arrivals, 5, 6))).toEqual({ reordered: 1 });
		});

		it('counts changes of a row that do not follow on each other', () => {
			const counts = countsAfter((made) => {
				// Numbered the wrong way round, and everything else in agreement with that.
				swap(made.stream, 1, 2);
				for (const [index, sequence] of [2, 3].entries()) {
					const entry = made.stream[index + 1] as StreamEntry;
					made.stream[index + 1] = { ...entry, sequence, entryId: `${sequence}-0`, eventId: `event-${sequence}` };
				}
				made.arrivals = [...made.stream];
				made.tables.get('vehicles')?.set('v', vehicle('v', 'two', 1));
			});

			expect(counts).toEqual({ reordered: 2 });
		});

		it('counts a child that comes before its parent', () => {
			const counts = countsAfter((made) => {
				const [parent, child] = [CHANGES[3] as Change, CHANGES[4] as Change];
				made.stream.splice(3, 2, entryOf(child, 4), entryOf(parent, 5));
				made.arrivals = [...made.stream];
			});

			expect(counts).toEqual({ reordered: 1 });
		});
	});

	describe('phantoms', () => {
		it('counts an event of a write that was rolled back', () => {
			const counts = countsAfter(({ writes }) => {
				writes.push({ what: 'undone', outcome: 'rolled back', marks: { [markOf('updated', 'two')]: 1 } });
			});

			expect(counts).toEqual({ phantoms: 1 });
		});

		it('counts an entry that is not in the outbox', () => {
			expect(countsAfter(({ outbox }) => void outbox.pop())).toMatchObject({ phantoms: 2 });
		});

		it('counts a row that the events have and the database has not', () => {
			expect(countsAfter(({ tables }) => void tables.get('organization_vehicles')?.clear())).toEqual({ phantoms: 1 });
		});
	});

	describe('mistaken', () => {
		it('counts a sequence that comes again with another event', () => {
			const counts = countsAfter(({ arrivals }) => {
				arrivals.push({ ...(arrivals[7] as StreamEntry), eventId: 'another' });
			});

			expect(counts).toEqual({ mistaken: 1 });
		});

		it('counts an entry whose id is not its sequence', () => {
			const counts = countsAfter(({ stream }) => void ((stream[7] as StreamEntry).entryId = '1700000000000-0'));
			expect(counts).toMatchObject({ mistaken: 1 });
		});
	});
});
