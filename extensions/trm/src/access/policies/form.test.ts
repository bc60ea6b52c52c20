import { describe, expect, it } from 'vitest';
import { consistencyProblems } from './consistency.js';
import { parseAccess } from './form.js';
import { declaredAccess, MEMBER, OPERATOR, PUBLISHED, STAFF } from './test-access.js';

describe('parseAccess', () => {
	it.each<[object, string]>([
		[{ rolls: [] }, 'Unrecognized key: "rolls"'],
		[{ roles: [{ id: 'x', name: 'Staff' }] }, 'roles[0] "Staff".id: "x" is not a UUID in lower case'],
		[{ roles: [{ id: STAFF.replace('1', 'A'), name: 'Staff' }] }, 'roles[0] "Staff".id: '],
		[{ policies: [{ id: MEMBER, name: 'Member', admin: true }] }, 'policies[0] "Member": Unrecognized key: "admin"'],
		[
			{ policies: [{ id: MEMBER, name: 'Member', permissions: { events: { raed: {} } } }] },
			'policies[0] "Member".permissions.events: Unrecognized key: "raed"',
		],
		[
			{ policies: [{ id: MEMBER, name: 'Member', permissions: { events: { read: { feilds: [] } } } }] },
			'policies[0] "Member".permissions.events.read: Unrecognized key: "feilds"',
		],
		[{ policies: [{ id: MEMBER, name: 'x'.repeat(101) }] }, '.name: Too big'],
		[{ public: 'all' }, 'public: Invalid input'],
	])('refuses %j', (content, message) => {
		expect(() => parseAccess('access.yaml', content)).toThrow(message);
	});
});

describe('consistencyProblems', () => {
	it('has nothing to say of a file whose parts fit together', () => {
		expect(consistencyProblems(declaredAccess())).toEqual([]);
	});

	it('finds duplicates, links to nothing, circles, and permissions beside "may do all"', () => {
		const other = '30000000-0000-4000-8000-000000000003';

		const file = parseAccess('access.yaml', {
			roles: [
				{ id: STAFF, name: 'Staff', parent: OPERATOR, policies: [MEMBER, MEMBER, other] },
				{ id: OPERATOR, name: 'Staff', parent: STAFF },
				{ id: other, name: 'Marshal', parent: PUBLISHED },
			],
			public: [other],
			policies: [
				{ id: MEMBER, name: 'Member' },
				{ id: MEMBER, name: 'Twice' },
				{ id: STAFF, name: 'Admin', admin_access: true, permissions: { events: { read: { fields: ['*'] } } } },
			],
		});

		expect(consistencyProblems(file)).toEqual([
			`policies[1] "Twice".id: "${MEMBER}" is that of policies[0] "Member" too`,
			`policies[2] "Admin".id: "${STAFF}" is that of roles[0] "Staff" too`,
			'roles[1] "Staff".name: "Staff" is that of roles[0] "Staff" too',
			`roles[0] "Staff".policies[1]: the policy ${MEMBER} stands there twice`,
			`roles[0] "Staff".policies[2]: no policy ${other} is declared in this file`,
			`public[0]: no policy ${other} is declared in this file`,
			'roles[0] "Staff".parent: this role is its own ancestor',
			'roles[1] "Staff".parent: this role is its own ancestor',
			`roles[2] "Marshal".parent: no role ${PUBLISHED} is declared in this file`,
			'policies[2] "Admin".permissions: a policy with admin_access may do all; permissions would have no effect',
		]);
	});
});
