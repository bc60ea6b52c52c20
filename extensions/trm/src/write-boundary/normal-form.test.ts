import type { Filter } from '@directus/types';
import { expect, it } from 'vitest';
import { normalForm } from './normal-form.js';

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
