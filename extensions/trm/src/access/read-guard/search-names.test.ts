import type { Filter } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { searchByNames } from './search-names.js';

const texts = (word: string) => [{ team: { _icontains: word } }, { status: { _icontains: word } }];

describe('searchByNames', () => {
	it('looks each word up in the related rows, and asks for it in the row and for the number', async () => {
		const asked: [string, Filter][] = [];
		const query = { filter: { event: { _eq: 'one' } }, search: ' ktm  301 ', limit: 5 };
		const changed = await searchByNames('entries', query, async ({ collection }, filter) => {
			asked.push([collection, filter]);
			return collection === 'vehicles' && JSON.stringify(filter).includes('ktm') ? ['v1', 'v2'] : [];
		});

		expect(changed).toEqual({
			filter: {
				_and: [
					{ event: { _eq: 'one' } },
					{ _or: [...texts('ktm'), { vehicle: { _in: ['v1', 'v2'] } }] },
					{ _or: [...texts('301'), { race_number: { _eq: 301 } }] },
				],
			},
			limit: 5,
		});
		expect(asked.slice(0, 2)).toEqual([
			['entry_crew', { _or: [{ name: { _icontains: 'ktm' } }] }],
			['vehicles', { _or: [{ make: { _icontains: 'ktm' } }, { model: { _icontains: 'ktm' } }] }],
		]);
	});

	it('takes no more than three words', async () => {
		const { filter } = await searchByNames('entries', { search: 'a b c d e' }, async () => []);
		expect((filter as { _and: unknown[] })._and).toHaveLength(3);
	});

	it.each([
		['events', { search: 'rally' }],
		['entries', {}],
		['entries', { search: '  ' }],
	])('leaves %s %j alone', async (collection, query) => {
		expect(await searchByNames(collection, query, async () => [])).toBe(query);
	});
});
