import { getFilterOperatorsForType } from '@directus/utils';
import { describe, expect, it } from 'vitest';
import { filterProblems } from './filter.js';
import { operatorsFor } from './operators.js';
import { testNames } from './test-names.js';

const problems = (collection: string, filter: Record<string, unknown> | null, of: 'rows' | 'payload' = 'rows') =>
	filterProblems(testNames, collection, filter, { path: 'filter', of }).map(
		({ path, message }) => `${path}: ${message}`,
	);

const mine = { user: { _eq: '$CURRENT_USER' } };
const owner = { role: { _in: ['owner'] } };

describe('a filter that Directus takes', () => {
	it.each<[string, Record<string, unknown> | null]>([
		['events', null],
		['events', {}],
		['events', { organization: { users: { _and: [mine, owner] } } }],
		['events', { organization: { users: { ...mine, ...owner } } }],
		['events', { organization: { _eq: '0b9d5a52-35c3-4a1c-9c5e-1e27f2bd8f10' } }],
		['events', { organization: { _null: true } }],
		['organizations', { users: { _some: mine } }],
		['organizations', { users: { _some: { user: { role: { name: { _eq: 'x' } } } } } }],
		['organizations', { users: { _none: { id: { _nnull: true } } } }],
		['organizations', { _and: [{ users: { _some: mine } }, { 'count(users)': { _eq: 1 } }] }],
		['organizations', { _or: [{ name: { _contains: 'x' } }, { name: { _or: [{ _eq: 'a' }, { _null: true }] } }] }],
		['events', { 'year(start_date)': { _gte: 2026 } }],
		['events', { start_date: { _lte: '$NOW(-1 day)' }, rounds: { _between: [1, 2] }, open: { _eq: true } }],
		['events', { at: { _gt: '$NOW' }, extra: { _nnull: true } }],
		['organization_users', { user: { role: { _in: '$CURRENT_ROLES' } } }],
		['organization_users', { user: { _eq: '$CURRENT_USER.id' } }],
		['notes', { 'item:events': { name: { _eq: 'x' } } }],
	])('%s %j', (collection, filter) => {
		expect(problems(collection, filter)).toEqual([]);
	});
});

describe('a filter that is refused', () => {
	it.each<[string, Record<string, unknown>, string]>([
		['events', { organisation: { _eq: 1 } }, 'filter.organisation: there is no field "organisation" in events'],
		['events', { organization: { user: mine } }, 'filter.organization.user: there is no field "user" in organizations'],
		['events', { name: { _equals: 'x' } }, 'filter.name._equals: there is no operator _equals'],
		['events', { name: { eq: 'x' } }, 'filter.name.eq: there is no field "eq" behind events.name'],
		[
			'events',
			{ open: { _contains: 'x' } },
			'filter.open._contains: _contains cannot be used with a field of type boolean',
		],
		[
			'events',
			{ organization: { _contains: 'x' } },
			'filter.organization._contains: _contains cannot be used with a field of type uuid',
		],
		[
			'directus_users',
			{ password: { _starts_with: '$a' } },
			'filter.password._starts_with: _starts_with cannot be used with a field of type hash',
		],
		['events', { name: 'x' }, 'filter.name: "x" is no condition'],
		['events', { name: null }, 'filter.name: null is no condition'],
		['events', { name: { _eq: 5 } }, 'filter.name._eq: 5 is not text'],
		['events', { rounds: { _in: [1, 'two'] } }, 'filter.rounds._in[1]: "two" is not a whole number'],
		['events', { rounds: { _in: [] } }, 'filter.rounds._in: _in needs a list of values'],
		['events', { rounds: { _between: [1] } }, 'filter.rounds._between: _between needs two values'],
		['events', { rounds: { _null: 'yes' } }, 'filter.rounds._null: "yes" is not true or false'],
		['events', { start_date: { _lt: 'soon' } }, 'filter.start_date._lt: "soon" is not a time'],
		[
			'events',
			{ start_date: { _lt: '$NOW(1 fortnight)' } },
			'filter.start_date._lt: there is no variable "$NOW(1 fortnight)"',
		],
		['events', { rounds: { _eq: '$NOW' } }, 'filter.rounds._eq: $NOW is a time, and the field is of type integer'],
		[
			'organization_users',
			{ user: { _eq: '$CURRENT_USERS' } },
			'filter.user._eq: there is no variable "$CURRENT_USERS"',
		],
		[
			'organization_users',
			{ user: { _eq: '$CURRENT_ROLES' } },
			'filter.user._eq: $CURRENT_ROLES is a list: use _in or _nin',
		],
		[
			'organization_users',
			{ user: { _eq: '$CURRENT_USER.mail' } },
			'filter.user._eq: there is no field "mail" in directus_users',
		],
		[
			'organization_users',
			{ role: { _in: ['owner', 'operatr'] } },
			'filter.role._in[1]: "operatr" is none of the values of organization_users.role',
		],
		['organizations', { users: { _eq: 'x' } }, 'filter.users._eq: _eq cannot stand here: users is a list'],
		['organizations', { users: 'x' }, 'filter.users: is a list: use _some, _none or a field of organization_users'],
		[
			'organizations',
			{ users: { _some: { usr: { _eq: 'x' } } } },
			'filter.users._some.usr: there is no field "usr" in organization_users',
		],
		['organizations', { 'sum(users)': { _eq: 1 } }, 'filter.sum(users): there is no sum() of a field of type alias'],
		['organizations', { _xor: [mine] }, 'filter._xor: _xor cannot stand here'],
		['organizations', { _and: mine }, 'filter._and: is not a list of filters'],
		['events', { notes: { _eq: 'x' } }, 'filter.notes: notes holds no value to compare with'],
		[
			'notes',
			{ 'item:organizations': { name: { _eq: 'x' } } },
			'filter.item:organizations: item does not lead to organizations',
		],
	])('%s %j', (collection, filter, message) => {
		expect(problems(collection, filter)).toEqual([expect.stringContaining(message)]);
	});

	it.each<[Record<string, unknown>, string]>([
		[{ users: { _some: { _and: [mine, owner] } } }, 'filter.users._some._and'],
		[{ users: { _some: { ...mine, ...owner } } }, 'filter.users._some'],
		[{ users: { _none: { user: { _neq: null, _nnull: true } } } }, 'filter.users._none.user'],
		[{ users: { _some: { user: { email: { _eq: 'x' }, id: { _nnull: true } } } } }, 'filter.users._some.user'],
	])('%j, because more than one condition in _some makes Directus drop it', (filter, place) => {
		expect(problems('organizations', filter)).toEqual([`${place}: ${expectedDrop}`]);
	});

	const expectedDrop =
		'Directus drops what stands in _some or _none when it is more than one condition, and everything would match; ' +
		'leave _some out and name the fields behind the list, which are then those of one item';

	it.each([{ organization: { users: { _some: mine } } }, { _and: [{ organization: { users: { _none: mine } } }] }])(
		'%j, because Directus refuses it behind another relation',
		(filter) => {
			expect(problems('events', filter)).toEqual([expect.stringMatching(/_(some|none): Directus refuses _\w+ behind/)]);
		},
	);

	it.each<[Record<string, unknown>, string]>([
		[{ _or: [{ name: { _eq: 'x' } }, {}] }, 'filter._or[1]'],
		[{ _and: [] }, 'filter._and'],
		[{ organization: {} }, 'filter.organization'],
		[{ name: {} }, 'filter.name'],
	])('%j, because an empty part matches everything', (filter, place) => {
		expect(problems('events', filter)).toEqual([`${place}: an empty filter matches everything; leave it out`]);
	});

	it('names all problems, not the first', () => {
		expect(problems('events', { _or: [{ nmae: { _eq: 'x' } }, { name: { _equal: 'x' } }] })).toHaveLength(2);
	});
});

describe('a validation', () => {
	it('may use what only payloads have', () => {
		expect(problems('events', { name: { _regex: '^A', _submitted: true } }, 'payload')).toEqual([]);
		expect(problems('events', { name: { _regex: '^A' } })).toHaveLength(1);
	});
});

it.each([
	'string',
	'text',
	'csv',
	'hash',
	'uuid',
	'json',
	'boolean',
	'integer',
	'bigInteger',
	'float',
	'date',
	'time',
	'dateTime',
	'timestamp',
	'geometry',
	'geometry.Point',
])('the operators for %s are those of Directus', (type) => {
	const theirs = getFilterOperatorsForType(type as 'string').map((name) => `_${name}`);
	expect([...new Set(operatorsFor(type))].sort()).toEqual([...theirs].sort());
});
