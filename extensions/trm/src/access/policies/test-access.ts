import { parseAccess, type AccessFile } from './form.js';
import { linkId } from './plan.js';
import type { LiveAccess, PermissionRow } from './rows.js';

export const STAFF = '10000000-0000-4000-8000-000000000001';
export const OPERATOR = '10000000-0000-4000-8000-000000000002';
export const PUBLISHED = '20000000-0000-4000-8000-000000000001';
export const MEMBER = '20000000-0000-4000-8000-000000000002';

/** For tests: two roles, one below the other, two policies, one of them everybody's. */
export const declaredAccess = (): AccessFile =>
	parseAccess('access.yaml', {
		roles: [
			{ id: OPERATOR, name: 'Operator', parent: STAFF },
			{ id: STAFF, name: 'Staff', policies: [MEMBER, PUBLISHED] },
		],
		public: [PUBLISHED],
		policies: [
			{
				id: PUBLISHED,
				name: 'Published',
				permissions: { events: { read: { fields: ['id'], filter: { status: { _eq: 'live' } } } } },
			},
			{
				id: MEMBER,
				name: 'Member',
				app_access: true,
				permissions: { events: { read: { fields: ['*'] }, delete: {} } },
			},
		],
	});

/** The database after declaredAccess() was applied. */
export const liveAccess = (): LiveAccess => {
	const permission = (id: number, policy: string, more: Partial<PermissionRow>): PermissionRow => {
		return {
			id,
			policy,
			collection: 'events',
			action: 'read',
			fields: ['*'],
			permissions: null,
			validation: null,
			presets: null,
			...more,
		};
	};
	const policy = {
		icon: 'badge',
		description: null,
		app_access: false,
		admin_access: false,
		enforce_tfa: false,
		ip_access: null,
	};
	const role = { icon: 'supervised_user_circle', description: null, parent: null };

	return {
		roles: [
			{ ...role, id: STAFF, name: 'Staff' },
			{ ...role, id: OPERATOR, name: 'Operator', parent: STAFF },
		],
		policies: [
			{ ...policy, id: PUBLISHED, name: 'Published' },
			{ ...policy, id: MEMBER, name: 'Member', app_access: true },
		],
		permissions: [
			permission(1, PUBLISHED, { fields: ['id'], permissions: { status: { _eq: 'live' } } }),
			permission(2, MEMBER, {}),
			permission(3, MEMBER, { action: 'delete', fields: null }),
		],
		links: [
			{ id: linkId(null, PUBLISHED), role: null, user: null, policy: PUBLISHED, sort: 1 },
			{ id: linkId(STAFF, MEMBER), role: STAFF, user: null, policy: MEMBER, sort: 1 },
			{ id: linkId(STAFF, PUBLISHED), role: STAFF, user: null, policy: PUBLISHED, sort: 2 },
		],
	};
};

/** One of a list, which is there. */
export function at<One>(list: One[], index: number): One {
	const one = list[index];
	if (one === undefined) throw new Error(`the test's list has no [${index}]`);
	return one;
}
