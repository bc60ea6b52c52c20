import { describe, expect, it } from 'vitest';
import { lineOf } from './changes.js';
import { planAccess } from './plan.js';
import type { LiveAccess, Remembered } from './rows.js';
import { at, declaredAccess, liveAccess, MEMBER, OPERATOR, PUBLISHED, STAFF } from './test-access.js';
import { unmanagedAccess } from './unmanaged.js';
import { inOrder } from './write.js';

const nothing: Remembered = { roles: {}, policies: {} };
const HAND = '30000000-0000-4000-8000-000000000003';
const link = (id: string, more: Partial<LiveAccess['links'][number]>) => {
	return { id, role: null, user: null, policy: HAND, sort: null, ...more };
};

const plan = (change: (live: LiveAccess) => void, remembered = nothing) => {
	const live = liveAccess();
	change(live);
	return planAccess(declaredAccess(), live, remembered);
};

const linesOf = (change: (live: LiveAccess) => void, remembered = nothing) =>
	plan(change, remembered).changes.map(lineOf);

describe('planAccess', () => {
	it('has nothing to do where the database is as declared, whatever else is in it', () => {
		expect(linesOf(() => undefined)).toEqual([]);

		expect(
			linesOf((live) => {
				live.roles.push({ ...at(live.roles, 0), id: HAND, name: 'By hand' });
				live.policies.push({ ...at(live.policies, 0), id: HAND, name: 'By hand', admin_access: true });
				live.permissions.push({ ...at(live.permissions, 0), id: 9, policy: HAND });
				live.links.push(link('a', { role: STAFF }), link('b', { role: HAND, policy: MEMBER }));
				live.links.push(link('c', { user: 'u', policy: MEMBER }));
			}),
		).toEqual([]);
	});

	it('takes none and empty for the same, and the order of keys for nothing', () => {
		expect(
			linesOf((live) => {
				at(live.permissions, 1).permissions = {};
				at(live.permissions, 1).presets = {};
				at(live.permissions, 2).fields = [];
			}),
		).toEqual([]);
	});

	it('makes what is missing', () => {
		expect(linesOf((live) => Object.assign(live, { roles: [], policies: [], permissions: [], links: [] }))).toEqual([
			'create role "Operator"',
			'create role "Staff"',
			'create policy "Published"',
			'create policy "Member"',
			'create permission "Published" events.read',
			'create permission "Member" events.read',
			'create permission "Member" events.delete',
			'create link everybody → "Published"',
			'create link "Staff" → "Member"',
			'create link "Staff" → "Published"',
		]);
	});

	it('sets back what was edited by hand', () => {
		expect(
			linesOf((live) => {
				at(live.roles, 1).parent = null;
				at(live.policies, 1).admin_access = true;
				at(live.policies, 1).ip_access = ['10.0.0.0/8'];
				at(live.permissions, 0).fields = ['id', 'name'];
				at(live.permissions, 0).permissions = null;
				at(live.links, 1).sort = 7;
			}),
		).toEqual([
			`change role "Operator": parent null → "${STAFF}"`,
			'change policy "Member": admin_access true → false, ip_access ["10.0.0.0/8"] → null',
			'change permission "Published" events.read: fields ["id","name"] → ["id"], filter null → {"status":{"_eq":"live"}}',
			'change link "Staff" → "Member": sort 7 → 1',
		]);
	});

	it('takes away what was added to a declared policy, and links between what is declared', () => {
		expect(
			linesOf((live) => {
				live.permissions.unshift({ ...at(live.permissions, 1), id: 8, permissions: { id: { _nnull: true } } });
				live.permissions.push({ ...at(live.permissions, 2), id: 9, collection: 'vehicles' });
				live.links.push(link('a', { policy: MEMBER }), link('b', { role: OPERATOR, policy: MEMBER }));
				live.links.push(link('c', { role: STAFF, policy: MEMBER }));
			}),
		).toEqual([
			'delete permission "Member" events.read',
			'delete permission "Member" vehicles.read',
			'delete link everybody → "Member"',
			'delete link "Operator" → "Member"',
			'delete link "Staff" → "Member"',
		]);
	});

	it('deletes roles and policies only that were declared before', () => {
		const addByHand = (live: LiveAccess) => {
			live.roles.push({ ...at(live.roles, 0), id: HAND, name: 'Once' });
			live.policies.push({ ...at(live.policies, 0), id: HAND, name: 'Once' });
			live.links.push(link('a', {}), link('b', { role: STAFF }));
		};

		expect(plan(addByHand).removals).toEqual([]);

		const remembered = { roles: { [HAND]: 'Once', [STAFF]: 'Staff' }, policies: { [HAND]: 'Once' } };
		expect(plan(addByHand, remembered).removals).toEqual([
			{ kind: 'policy', id: HAND, name: 'Once' },
			{ kind: 'role', id: HAND, name: 'Once' },
		]);
		// Its links go with it.
		expect(linesOf(addByHand, remembered)).toEqual(['delete policy "Once"', 'delete role "Once"']);
		expect(plan(() => undefined, remembered).changes).toEqual([]);
	});

	it('does not take over an id that means something else here', () => {
		const rename = (live: LiveAccess) => {
			at(live.policies, 0).name = 'Accounting';
		};

		expect(plan(rename).conflicts).toEqual([
			`policies[0] "Published".id: ${PUBLISHED} is the id of "Accounting" in this database, which no file declared so far; ` +
				'give it that name to take it over, or another id',
		]);
		expect(plan(rename, { roles: {}, policies: { [PUBLISHED]: 'Published' } }).conflicts).toEqual([]);
	});
});

describe('inOrder', () => {
	it('makes roles before their parents are set, and lets a parent and its child change places', () => {
		const created = inOrder(plan((live) => Object.assign(live, { roles: [] })).changes);
		expect(created.map(({ name, write }) => [name, write.op])).toEqual([
			['role "Operator"', 'create'],
			['role "Staff"', 'create'],
			['role "Operator"', 'update'],
		]);

		const swapped = inOrder(
			plan((live) => {
				at(live.roles, 0).parent = OPERATOR;
				at(live.roles, 1).parent = null;
			}).changes,
		);
		expect(swapped.map(({ name, write }) => [name, write])).toEqual([
			['role "Operator"', { op: 'update', id: OPERATOR, patch: { parent: null } }],
			['role "Staff"', { op: 'update', id: STAFF, patch: { parent: null } }],
			['role "Operator"', { op: 'update', id: OPERATOR, patch: { parent: STAFF } }],
		]);
	});
});

describe('unmanagedAccess', () => {
	it('lists what gives rights and no file tells of, and nothing of Directus itself', () => {
		const live = liveAccess();
		const builtIn = { name: 'Administrator', description: '$t:admin_description' };
		live.roles.push({ ...at(live.roles, 0), ...builtIn, id: 'admin-role' });
		live.policies.push({ ...at(live.policies, 0), ...builtIn, id: 'admin-policy', admin_access: true });
		live.policies.push({
			...at(live.policies, 0),
			id: 'abf8a154-5b1c-4a46-ac9c-7300570f4f17',
			name: '$t:public_label',
		});
		live.links.push(link('1', { role: 'admin-role', policy: 'admin-policy' }));
		live.links.push(link('2', { policy: 'abf8a154-5b1c-4a46-ac9c-7300570f4f17' }));
		expect(unmanagedAccess(declaredAccess(), live, nothing)).toEqual([]);

		live.roles.push({ ...at(live.roles, 0), id: HAND, name: 'Guest' });
		live.policies.push({ ...at(live.policies, 0), id: HAND, name: 'By hand', admin_access: true });
		live.permissions.push({ ...at(live.permissions, 0), id: 9, policy: 'abf8a154-5b1c-4a46-ac9c-7300570f4f17' });
		live.links.push(link('3', { role: STAFF }), link('4', { user: 'u-1', policy: 'admin-policy' }), link('5', {}));
		live.links.push(link('6', { role: HAND, policy: MEMBER }));

		expect(unmanagedAccess(declaredAccess(), live, nothing).map(({ name }) => name)).toEqual([
			'role "Guest"',
			'policy "By hand" (may do all)',
			'permission of everybody events.read',
			'link "Staff" → "By hand"',
			'link user u-1 → "Administrator"',
			'link everybody → "By hand"',
			'link "Guest" → "Member"',
		]);
	});

	it('leaves out what was declared once: that is a difference', () => {
		const live = liveAccess();
		live.policies.push({ ...at(live.policies, 0), id: HAND, name: 'Once' });
		live.links.push(link('1', { role: STAFF }));
		expect(unmanagedAccess(declaredAccess(), live, { roles: {}, policies: { [HAND]: 'Once' } })).toEqual([]);
	});
});
