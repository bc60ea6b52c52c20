import type { Query } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { countKeys, renameCounts } from './counted-once.js';

type Aggregate = Record<string, string[]>;

const asking = (aggregate: Aggregate, sort?: string[]) => countKeys({ aggregate, ...(sort ? { sort } : {}) }, 'id');

describe('countKeys', () => {
	it.each<[Aggregate, Aggregate]>([
		[{ count: ['*'] }, { countDistinct: ['id'] }],
		[{ count: ['id'] }, { countDistinct: ['id'] }],
		[{ countAll: ['*'] }, { countDistinct: ['id'] }],
		[
			{ count: ['id'], countDistinct: ['team'], min: ['year'] },
			{ countDistinct: ['team', 'id'], min: ['year'] },
		],
		[
			{ count: ['id'], sum: ['year'] },
			{ countDistinct: ['id'], sum: ['year'] },
		],
	])('of %j asks %j', (aggregate, instead) => {
		expect(asking(aggregate)?.aggregate).toEqual(instead);
	});

	it('sorts by the same number', () => {
		const sort = ['-count', 'count.id', '-countAll', 'country', '-countDistinct.team'];
		expect(asking({ count: ['*'] }, sort)?.sort).toEqual([
			'-countDistinct.id',
			'countDistinct.id',
			'-countDistinct.id',
			'country',
			'-countDistinct.team',
		]);
	});

	it('cannot count the values of another field', () => {
		expect(asking({ count: ['team'] })).toBeUndefined();
		expect(asking({ count: ['*', 'team'] })).toBeUndefined();
	});
});

describe('renameCounts', () => {
	const answer = (aggregate: Aggregate, rows: unknown) => renameCounts(rows, asking(aggregate) as Query);
	const rows = [{ kind: 'moto', countDistinct: { id: 3 } }];

	it.each<[Aggregate, object]>([
		[{ count: ['*'] }, { count: 3 }],
		[{ count: ['id'] }, { count: { id: 3 } }],
		[{ countAll: ['*'] }, { countAll: 3 }],
		[
			{ countAll: ['*'], count: ['id'] },
			{ countAll: 3, count: { id: 3 } },
		],
		[
			{ count: ['id'], countDistinct: ['id'] },
			{ count: { id: 3 }, countDistinct: { id: 3 } },
		],
	])('answers %j with %j', (aggregate, outcome) => {
		expect(answer(aggregate, rows)).toEqual([{ kind: 'moto', ...outcome }]);
	});

	it('keeps other numbers', () => {
		expect(
			answer({ count: ['*'], countDistinct: ['team'] }, [{ countDistinct: { id: 3, team: 2 }, min: { year: 1 } }]),
		).toEqual([{ count: 3, countDistinct: { team: 2 }, min: { year: 1 } }]);
	});

	it('leaves alone what was not asked so', () => {
		const query = { aggregate: { countDistinct: ['id'] } } as Query;
		expect(renameCounts(rows, query)).toBe(rows);
		expect(renameCounts(rows, undefined)).toBe(rows);
		expect(renameCounts(null, asking({ count: ['*'] }) as Query)).toBeNull();
	});
});
