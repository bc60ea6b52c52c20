import { describe, expect, it } from 'vitest';
import { CHANGES, committed, countsAfter, entryOf, vehicle, type Change } from './made-up-world.js';
import { markOf, type StreamEntry, type WriteRecord } from './marks.js';
import type { OutboxRow } from './reconcile.js';

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

		it('does not count what was trimmed, but a begin that is missing of a stream too short for that', () => {
			const trim = (keep: number) =>
				countsAfter((made) => {
					made.stream.splice(0, 2);
					made.keep = keep;
				});

			expect(trim(6)).toEqual({});
			expect(trim(7)).toEqual({ lost: 2 });
		});

		it('counts what was trimmed before the consumer had it', () => {
			const counts = countsAfter((made) => {
				made.keep = 7;
				for (const list of [made.stream, made.arrivals]) list.splice(0, 1);
			});

			expect(counts.lost).toBeGreaterThan(0);
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

		it('counts an event that the handler of consume() was not given', () => {
			expect(countsAfter(({ handedOver }) => void handedOver.splice(3, 1))).toEqual({ lost: 1 });
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
		it('counts an event that the handler of consume() was given twice', () => {
			expect(countsAfter(({ handedOver }) => void handedOver.push(handedOver[3] as StreamEntry))).toEqual({
				duplicated: 1,
			});
		});

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
				made.handedOver.push(more);
			});

			expect(counts).toEqual({});
		});

		it('counts what the handler of consume() was given before a lower sequence', () => {
			expect(countsAfter(({ handedOver }) => swap(handedOver, 5, 6))).toEqual({ reordered: 1 });
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
