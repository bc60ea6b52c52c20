import type { Filter } from '@directus/types';
import { expect, it } from 'vitest';
import { behind, joined, normalForm } from './normal-form.js';

const me = { user: { _eq: 'me' } };
const owner = { role: { _in: ['owner'] } };

it.each<[string, object, object]>([
	['nothing', {}, {}],
	['one condition', me, me],
	['several fields', { ...me, ...owner }, { _and: [me, owner] }],
	['several operators', { year: { _gt: 1, _lt: 3 } }, { _and: [{ year: { _gt: 1 } }, { year: { _lt: 3 } }] }],
	[
		'several conditions behind fields',
		{ event: { organization: { users: { _and: [me, owner] } } } },
		{
			_and: [{ event: { organization: { users: me } } }, { event: { organization: { users: owner } } }],
		},
	],
	['a choice behind a field', { users: { _or: [me, owner] } }, { _or: [{ users: me }, { users: owner }] }],
	[
		'both behind a field',
		{ users: { _and: [me, { _or: [owner, me] }] } },
		{ _and: [{ users: me }, { _or: [{ users: owner }, { users: me }] }] },
	],
	['a list', { users: { _some: { ...me, ...owner } } }, { users: { _some: { _and: [me, owner] } } }],
])('puts %s into the form that the engine reads', (_, filter, expected) => {
	expect(normalForm(filter as Filter)).toEqual(expected);
});

it('puts a filter behind relations, below what joins conditions', () => {
	const filter = { _or: [me, { _and: [owner, me] }] } as Filter;

	expect(behind(['event', 'users'], filter)).toEqual({
		_or: [{ event: { users: me } }, { _and: [{ event: { users: owner } }, { event: { users: me } }] }],
	});
	expect(behind([], filter)).toEqual(filter);
});

it.each<[string, object, object]>([
	['_some', { users: { _some: { ...me, ...owner } } }, { users: { ...me, ...owner } }],
	['_some in a choice', { _or: [{ users: { _some: me } }, owner] }, { _or: [{ users: me }, owner] }],
	['_none of all', { users: { _none: { id: { _nnull: true } } } }, { users: { id: { _null: true } } }],
	['_none of some', { users: { _none: me } }, { users: { _none: me } }],
	['nothing else', { role: { _in: ['a'] }, _and: [owner] }, { role: { _in: ['a'] }, _and: [owner] }],
])('says %s by fields behind the list', (_, filter, expected) => {
	expect(joined(filter as Filter)).toEqual(expected);
});
