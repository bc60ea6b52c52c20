import { describe, expect, it } from 'vitest';
import { parseAccess } from '../form.js';
import { permissionProblems } from './permission.js';
import { testNames } from './test-names.js';

const ID = '6d1f2a0e-7c3b-4f58-9a41-0b8e5c2d7f10';

const problems = (permissions: object, everybody: string[] = []) =>
	permissionProblems(
		parseAccess('x', { public: everybody, policies: [{ id: ID, name: 'Member', permissions }] }),
		testNames,
	);

const PLACE = 'policies[0] "Member".permissions';

describe('permissionProblems', () => {
	it('has nothing to say of what fits', () => {
		const filter = { organization: { users: { user: { _eq: '$CURRENT_USER' } } } };

		expect(
			problems({
				events: {
					create: {
						fields: ['name'],
						filter,
						validation: { name: { _nempty: true } },
						presets: { rounds: 3 },
					},
					read: { fields: ['*'], filter },
					update: { fields: ['name', 'organization'], filter, presets: { organization: '$CURRENT_USER.id' } },
					delete: { filter },
				},
				organizations: { create: { fields: ['name', 'users'], presets: { users: [{ role: 'owner' }] } } },
				event_stream: { read: { fields: ['*'] } },
				directus_users: { read: { fields: ['id'] } },
			}),
		).toEqual([]);
	});

	it.each<[object, string]>([
		[{ evnts: { read: { fields: ['*'] } } }, '.evnts: there is no collection "evnts"'],
		[{ events: { read: { fields: ['id', 'nmae'] } } }, '.events.read.fields[1]: there is no field "nmae" in events'],
		[{ events: { read: { fields: ['id', 'id'] } } }, '.events.read.fields[1]: "id" stands there twice'],
		[{ events: { read: { fields: ['*', 'id'] } } }, ".events.read.fields: '*' stands for all fields"],
		[{ events: { update: {} } }, '.events.update.fields: update needs a list of fields'],
		[{ events: { delete: { fields: ['id'] } } }, '.events.delete.fields: delete is of whole items'],
		[
			{ events: { read: { fields: ['*'], presets: { name: 'x' } } } },
			'.events.read.presets: is for create and update only',
		],
		[
			{ events: { create: { fields: ['*'], presets: { nmae: 'x' } } } },
			'.events.create.presets.nmae: there is no field "nmae"',
		],
		[
			{ events: { create: { fields: ['*'], presets: { open: 'x' } } } },
			'.events.create.presets.open: "x" is not true or false',
		],
		[
			{ organizations: { create: { fields: ['*'], presets: { name: null } } } },
			'.organizations.create.presets.name: null is not possible',
		],
		[
			{ events: { create: { fields: ['*'], validation: { nmae: { _eq: 'x' } } } } },
			'.events.create.validation.nmae: there is no field',
		],
		[
			{ events: { read: { fields: ['*'], filter: { x: { _eq: 1 } } } } },
			'.events.read.filter.x: there is no field "x" in events',
		],
		[
			{ event_stream: { update: { fields: ['*'] } } },
			'.event_stream.update: of a collection without a table only read',
		],
		[
			{ event_stream: { read: { fields: ['*'], filter: { id: { _eq: 1 } } } } },
			'.event_stream.read: of a collection without a table',
		],
	])('refuses %j', (permissions, message) => {
		expect(problems(permissions)).toEqual([expect.stringContaining(PLACE + message)]);
	});

	it('refuses in a policy of everybody what is null for who is not signed in', () => {
		const permissions = { organization_users: { read: { fields: ['*'], filter: { user: { _eq: '$CURRENT_USER' } } } } };
		expect(problems(permissions)).toEqual([]);
		expect(problems(permissions, [ID])).toEqual([
			expect.stringContaining('.read.filter: $CURRENT_USER is null for who is not'),
		]);
	});
});
