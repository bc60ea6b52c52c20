import type { Accountability, Filter } from '@directus/types';
import { expect, it } from 'vitest';
import { Undecidable, withCaller } from './variables.js';

const caller = { user: 'me', role: 'staff', roles: ['marshal', 'staff'] } as unknown as Accountability;

it('replaces the caller wherever a filter names him', () => {
	const filter = {
		_and: [{ user: { _eq: '$CURRENT_USER' } }, { role: { _eq: '$CURRENT_ROLE' } }, { role: { _in: '$CURRENT_ROLES' } }],
		name: { _in: ['$CURRENT_USER', 'US$'] },
		number: { _gt: 5 },
	} as unknown as Filter;

	expect(withCaller(filter, caller)).toEqual({
		_and: [{ user: { _eq: 'me' } }, { role: { _eq: 'staff' } }, { role: { _in: ['marshal', 'staff'] } }],
		name: { _in: ['me', 'US$'] },
		number: { _gt: 5 },
	});
});

it('leaves nobody in the place of a caller who is not signed in', () => {
	const nobody = { user: null, role: null, roles: [] } as unknown as Accountability;
	const filter = { user: { _eq: '$CURRENT_USER' }, role: { _in: '$CURRENT_ROLES' } } as unknown as Filter;
	expect(withCaller(filter, nobody)).toEqual({ user: { _eq: null }, role: { _in: [] } });
});

it.each(['$NOW', '$CURRENT_USER.email', '$CURRENT_POLICIES'])('does not know %s', (variable) => {
	expect(() => withCaller({ a: { _eq: variable } } as Filter, caller)).toThrow(Undecidable);
});
