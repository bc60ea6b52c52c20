import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { holds, missingTracker, ROLES } from './rights.js';

interface AccessFile {
	roles: { name: string; policies: string[] }[];
	policies: { id: string; name: string; permissions: Record<string, Record<string, { filter: unknown }>> }[];
}

const file = new URL('../../../../snapshots/access.yaml', import.meta.url);
const access = load(await readFile(file, 'utf8')) as AccessFile;

/** The roles of memberships by which staff may do this, from the filters of their policies. */
function declaredRoles(collection: string, action: string): string[] {
	const staff = access.roles.find(({ name }) => name === 'Staff');
	const policies = access.policies.filter(({ id }) => staff?.policies.includes(id));
	const filters = policies.flatMap(({ permissions }) => permissions[collection]?.[action]?.filter ?? []);
	return [...new Set(filters.flatMap(rolesOf))].sort();
}

/** The roles that the conditions on memberships name; `any` for a condition that names none. */
function rolesOf(filter: unknown): string[] {
	if (typeof filter !== 'object' || filter === null) return [];

	return Object.entries(filter).flatMap(([key, value]) => {
		if (key !== 'users') return rolesOf(value);
		const conditions: { role?: { _in: string[] } }[] = value._and ?? [value];
		return conditions.find(({ role }) => role)?.role?._in ?? ['any'];
	});
}

const sorted = (roles: readonly string[]) => [...roles].sort();

it('holds the roles that the policies name', () => {
	// A start list is for every member: that is how a condition without a role is known from one that names all.
	expect(declaredRoles('entries', 'read')).toEqual(['any']);

	for (const collection of ['entry_devices', 'devices', 'organization_devices', 'position_flags']) {
		expect(declaredRoles(collection, 'read'), collection).toEqual(sorted(ROLES.seesTrackers));
	}

	expect(declaredRoles('position_flags', 'create')).toEqual(sorted(ROLES.flags));
});

const OURS = 'ours';
const THEIRS = 'theirs';
const member = (role: string, organization = OURS) => ({ isAdmin: false, memberships: [{ organization, role }] });
const administrator = { isAdmin: true, memberships: [] };
const withoutMembership = { isAdmin: false, memberships: [] };
const unknown = { isAdmin: false, memberships: null };

it.each([
	['owner', true, true],
	['race_director', true, true],
	['timekeeper', true, false],
	['operator', true, true],
	['marshal', false, false],
	['viewer', false, false],
])('of its own organisation a membership as %s sees trackers: %s, flags: %s', (role, sees, flags) => {
	expect(holds('seesTrackers', member(role), [OURS])).toBe(sees);
	expect(holds('flags', member(role), [OURS])).toBe(flags);
	expect(holds('seesTrackers', member(role), [THEIRS])).toBe(false);
	expect(holds('flags', member(role), [THEIRS])).toBe(false);
});

it('one of several memberships and of several organisations is enough, together', () => {
	const both = {
		isAdmin: false,
		memberships: [...member('marshal').memberships, ...member('operator', THEIRS).memberships],
	};
	expect(holds('flags', both, [OURS])).toBe(false);
	expect(holds('flags', both, [THEIRS])).toBe(true);
	expect(holds('flags', both, [OURS, THEIRS])).toBe(true);
	expect(holds('flags', both, [])).toBe(false);
});

it('leaves to the server what memberships do not say', () => {
	for (const reader of [administrator, withoutMembership, unknown]) expect(holds('flags', reader, [OURS])).toBe(true);
	expect(holds('flags', administrator, [])).toBe(true);
	expect(holds('flags', member('marshal'), null)).toBe(true);
});

it('tells an entry without a tracker from one whose trackers are hidden', () => {
	const readable = { device: { imei: '352094080000017' } };
	const unreadable = { device: null };

	expect(missingTracker(member('marshal'), [OURS], [])).toBe('hidden');
	expect(missingTracker(member('viewer'), [OURS], [])).toBe('hidden');
	expect(missingTracker(member('timekeeper'), [OURS], [])).toBe('none');
	expect(missingTracker(member('operator'), [THEIRS], [])).toBe('hidden');
	expect(missingTracker(administrator, [OURS], [])).toBe('none');
	expect(missingTracker(member('timekeeper'), [OURS], [unreadable])).toBe('foreign');
	expect(missingTracker(member('timekeeper'), [OURS], [unreadable, readable])).toBe(null);
});
