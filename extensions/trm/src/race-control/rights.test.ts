import { expect, it } from 'vitest';
import { holds, missingTracker } from './rights.js';

const OURS = 'ours';
const THEIRS = 'theirs';
/** As the database sets the columns from the role. */
const member = (role: string, organization = OURS) => {
	const where = (...roles: string[]) => (roles.includes(role) ? organization : null);
	const operates = where('owner', 'race_director', 'operator');
	return { isAdmin: false, memberships: [{ operates, tracks: where('timekeeper') ?? operates }] };
};
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
