import { expect, it } from 'vitest';
import { checkDeep } from './raw-deep.js';

it.each([
	['no JSON', '{'],
	['a text', '"x"'],
	['a list', ['entries']],
	['a filter that is no JSON', { entries: { _filter: '{' } }],
	['one further inside', { entries: { class: { _filter: '[1]' } } }],
	['what Directus would read first', { entries: { _filter: { _and: [{ team: { _in: ['$CURRENT_USER.email'] } }] } } }],
	['fields that are no names', { entries: { _fields: { a: 1 } } }],
	['an order of objects', { entries: { _sort: [{ a: 1 }] } }],
	['the number of all items', { entries: { _meta: { a: 1 } } }],
	['groups', { entries: { _groupBy: 'x' } }],
])('%s is refused with 400 before Directus reads it', (_, deep) => {
	expect(() => checkDeep(deep)).toThrow(expect.objectContaining({ status: 400 }));
});

it.each([
	['nothing', undefined],
	['JSON', '{"entries":{"_filter":{"race_number":{"_eq":1}}}}'],
	['the caller', { entries: { _filter: { user_created: { _eq: '$CURRENT_USER' } } } }],
	['a filter as JSON', { entries: { _filter: '{"race_number":{"_eq":1}}', _sort: '-race_number', _limit: '5' } }],
])('%s is passed on', (_, deep) => {
	expect(() => checkDeep(deep)).not.toThrow();
});
