import { describe, expect, it } from 'vitest';
import { rebuiltData, reconcile } from './reconcile.js';

const ids = ['00', 'a1', 'b2', 'c3', 'd4', 'e5'];
const rows = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => ({ seq: from + index, id: ids[from + index] as string }));
const found = (from: number, to: number) => new Map(rows(from, to).map(({ seq, id }) => [seq, id]));
const head = (last: number, published: number, isOtherDatabase = false) => ({ last, published, isOtherDatabase });

describe('the end of the stream against the outbox', () => {
	it.each([
		['nothing was ever published', 0, head(0, 0)],
		['all of it is there', 5, head(5, 5)],
		['a crash left rows unsent', 3, head(5, 3)],
	])('agrees when %s', (_, end, where) => {
		expect(reconcile(end, where, [], new Map())).toEqual({ kind: 'agrees' });
	});

	it('agrees when what was sent was not yet marked', () => {
		expect(reconcile(5, head(5, 3), rows(4, 5), found(4, 5))).toEqual({ kind: 'agrees' });
	});

	it('finds entries lost, and whether the database is another one as well', () => {
		expect(reconcile(2, head(5, 5), [], new Map())).toEqual({ kind: 'lost', isHistoryLost: false });
		expect(reconcile(2, head(5, 5, true), [], new Map())).toEqual({ kind: 'lost', isHistoryLost: true });
	});

	it('finds the stream past the last sequence', () => {
		expect(reconcile(9, head(5, 5), [], new Map())).toEqual({ kind: 'taken', from: 6 });
	});

	it.each([
		['of somebody else', null],
		['of another event', 'zz'],
	])('finds a place taken by an entry %s', (_, id) => {
		const inStream = new Map<number, string | null>([...found(3, 5)]).set(4, id);
		expect(reconcile(5, head(5, 2), rows(3, 5), inStream)).toEqual({ kind: 'taken', from: 4 });
	});

	it('finds a place taken although the stream is also past the last sequence', () => {
		expect(reconcile(9, head(5, 3), rows(4, 5), found(4, 4))).toEqual({ kind: 'taken', from: 5 });
	});
});

describe('the data of trm.stream.rebuilt', () => {
	it('say from where on events come again', () => {
		expect(rebuiltData(2, { last: 6, published: 5, retainedFrom: 1 })).toEqual({
			found: 2,
			published: 5,
			from: 3,
			to: 6,
			missing: null,
		});
	});

	it('name what is no longer retained', () => {
		expect(rebuiltData(0, { last: 6, published: 6, retainedFrom: 4 })).toMatchObject({
			from: 4,
			to: 6,
			missing: { from: 1, to: 3 },
		});
	});

	it('name all of it where nothing is retained', () => {
		expect(rebuiltData(0, { last: 6, published: 6, retainedFrom: 7 })).toMatchObject({
			from: 7,
			to: 6,
			missing: { from: 1, to: 6 },
		});
	});
});
