import { describe, expect, it } from 'vitest';
import { reconcile } from './reconcile.js';

const nothing = { message: null, numberAnewFrom: null, delivered: [] };
const stream = (...entries: [number, string | null][]) => new Map(entries);

describe('reconcile', () => {
	it('has nothing to tell of a stream that ends where the database thinks', () => {
		expect(reconcile(5, { last: 5, published: 5 }, [], stream())).toEqual(nothing);
	});

	it('has nothing to tell of rows that a crash left unsent, or sent and not yet noted', () => {
		const unconfirmed = [
			{ seq: 6, id: 'six' },
			{ seq: 7, id: 'seven' },
		];

		expect(reconcile(6, { last: 7, published: 5 }, unconfirmed, stream([6, 'six']))).toEqual(nothing);
	});

	it('tells of a stream that was emptied, and leaves the numbers', () => {
		const found = reconcile(0, { last: 5, published: 5 }, [], stream());

		expect(found.message).toContain('lost its data');
		expect(found.numberAnewFrom).toBeNull();
	});

	it('goes on past a stream that is ahead', () => {
		expect(reconcile(9, { last: 5, published: 5 }, [], stream([9, 'nine']))).toMatchObject({ numberAnewFrom: 10 });
	});

	it.each([
		['another event', 'other'],
		['no event at all', null],
	])('numbers anew an event whose place was taken by %s, and what comes after it', (_, taker) => {
		const unconfirmed = [
			{ seq: 6, id: 'six' },
			{ seq: 7, id: 'seven' },
			{ seq: 8, id: 'eight' },
		];

		expect(reconcile(7, { last: 8, published: 5 }, unconfirmed, stream([6, 'six'], [7, taker]))).toMatchObject({
			message: expect.stringContaining('EVENT_STREAM'),
			numberAnewFrom: 7,
			delivered: ['six'],
		});
	});

	it('numbers anew an event whose place was jumped over', () => {
		expect(reconcile(9, { last: 6, published: 5 }, [{ seq: 6, id: 'six' }], stream([9, 'foreign']))).toMatchObject({
			numberAnewFrom: 6,
		});
	});
});
