import type { SchemaOverview } from '@directus/types';
import { expect, it } from 'vitest';
import { refuseOdd, refuseOddValue } from './odd-questions.js';

const schema = {
	collections: { events: { fields: { entries: { type: 'alias' }, name: { type: 'string' } } } },
} as unknown as SchemaOverview;

const ask = (asked: object) => () => refuseOdd(schema, 'events', asked);

it.each([
	['an empty function', { fields: ['year()'] }],
	['an empty function behind a row', { fields: ['organization.count( )'] }],
	['no name at all', { fields: ['()'] }],
	['what every object has', { fields: ['__proto__'] }],
	['sorting by it', { sort: ['-constructor'] }],
	['grouping by it', { group: ['constructor'] }],
	['another name for it', { alias: { x: 'toString' } }],
	['grouping by a list', { group: ['entries'] }],
	['the smallest of a list', { aggregate: { min: ['entries'] } }],
	['the greatest of a function', { aggregate: { max: ['year(start_date)'] } }],
	['groups sorted by another field', { group: ['name'], sort: ['start_date'], aggregate: { countDistinct: ['id'] } }],
])('%s is refused with 400', (_, asked) => {
	expect(ask(asked)).toThrow(expect.objectContaining({ status: 400 }));
});

it.each([
	['fields and functions', { fields: ['*', 'year(start_date)', 'organization.count(users)', '$thumbnail', 'a:b.c'] }],
	['groups by a function, sorted by it', { group: ['year(start_date)'], sort: ['-year(start_date)'] }],
	['groups sorted by a number', { group: ['name'], aggregate: { count: ['*'] }, sort: ['-count', 'count.id', '?'] }],
	['rows sorted by anything', { sort: ['start_date', '-organization.name', '?'] }],
	['nothing', { fields: null, sort: null, group: null, aggregate: null, alias: null }],
])('%s are asked', (_, asked) => {
	expect(ask(asked)).not.toThrow();
});

it.each([
	['_icontains', null],
	['_istarts_with', 5],
	['_niends_with', ['a']],
	['_gt', new Date(Number.NaN)],
])('a condition of %s with %j is refused with 400', (operator, value) => {
	expect(() => refuseOddValue(['name'], operator, value)).toThrow(expect.objectContaining({ status: 400 }));
});

it('a condition on what every object has is refused, one with a value is not', () => {
	expect(() => refuseOddValue(['constructor'], '_eq', 'x')).toThrow(expect.objectContaining({ status: 400 }));
	expect(() => refuseOddValue(['name'], '_icontains', 'x')).not.toThrow();
	expect(() => refuseOddValue(['organization', 'name'], '_eq', null)).not.toThrow();
});
