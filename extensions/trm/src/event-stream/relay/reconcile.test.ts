import { describe, expect, it } from 'vitest';
import { rebuiltData, reconcile } from './reconcile.js';

const head = (last: number, published: number, isOtherDatabase = false) => ({ last, published, isOtherDatabase });
const ours = (seq: number) => ({ seq, isOwn: true });
const foreign = (seq: number) => ({ seq, isOwn: false });

describe('the end of the stream against the outbox', () => {
	it.each([
		['nothing was ever published', 0, head(0, 0), 0],
		['all of it is there', 5, head(5, 5), 5],
		['a crash left rows unsent', 3, head(5, 3), 3],
		['what was sent was not yet marked', 5, head(5, 3), 5],
		['some of what was sent was not marked, and more was not sent', 4, head(5, 3), 4],
		['what was sent and not marked is trimmed', 5, head(5, 3), 3],
		['all before the last was trimmed', 900, head(900, 100), 900],
	])('agrees when %s', (_, end, where, agreedUpTo) => {
		expect(reconcile(end, where, agreedUpTo, null)).toEqual({ kind: 'agrees' });
	});

	it('finds entries lost, and whether the database is another one as well', () => {
		expect(reconcile(2, head(5, 5), 5, null)).toEqual({ kind: 'lost', isHistoryLost: false });
		expect(reconcile(2, head(5, 5, true), 5, null)).toEqual({ kind: 'lost', isHistoryLost: true });
	});

	it('finds the stream past the last sequence, also where all of that was trimmed', () => {
		expect(reconcile(9, head(5, 5), 5, ours(6))).toEqual({ kind: 'taken', from: 6 });
		expect(reconcile(9, head(5, 5), 5, ours(8))).toEqual({ kind: 'taken', from: 6 });
		expect(reconcile(9, head(5, 5), 5, null)).toEqual({ kind: 'taken', from: 6 });
	});

	it('takes nothing back before an event of ours that the database does not know: it was sent after them', () => {
		expect(reconcile(9, head(7, 3), 3, ours(6))).toEqual({ kind: 'taken', from: 6 });
	});

	it('takes all back that may not have been sent before an entry of somebody else', () => {
		expect(reconcile(4, head(5, 3), 3, foreign(4))).toEqual({ kind: 'taken', from: 4 });
		expect(reconcile(9, head(5, 3), 3, foreign(9))).toEqual({ kind: 'taken', from: 4 });
		expect(reconcile(9, head(5, 3), 4, foreign(9))).toEqual({ kind: 'taken', from: 5 });
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
