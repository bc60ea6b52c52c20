/** The columns of organization_users that give a right; the database sets them from the role (db-init/current/tenancy.sql). */
const GIVEN_BY = { seesTrackers: 'tracks', flags: 'operates' } as const;

export type Right = keyof typeof GIVEN_BY;

/** A row of organization_users: the organisation, where the membership gives that right in it. */
export type Membership = Record<'operates' | 'tracks', string | null>;

export interface Reader {
	isAdmin: boolean;
	/** null: not known */
	memberships: readonly Membership[] | null;
}

/**
 * Whether the user's membership in one of these organisations gives the right.
 * True also for whoever has no membership: his rights come from policies made by hand, and only the server knows those.
 * @param organizations ids; null where they are not known, which leaves it to the server, too
 */
export function holds(
	right: Right,
	{ isAdmin, memberships }: Reader,
	organizations: readonly string[] | null,
): boolean {
	if (isAdmin || organizations === null || memberships === null || memberships.length === 0) return true;
	return memberships.some((membership) => organizations.includes(membership[GIVEN_BY[right]] ?? ''));
}

export type MissingTracker = 'hidden' | 'foreign' | 'none';

/**
 * Why an entry shows no tracker: its assignments are hidden from the user, or the trackers are (they belong to another
 * organisation), or it has none. Null where it shows one.
 * @param devices the entry's assignments as the user may read them, each with its tracker if that may be read
 */
export function missingTracker(
	reader: Reader,
	organizations: readonly string[] | null,
	devices: readonly { device: unknown }[],
): MissingTracker | null {
	if (devices.some(({ device }) => device !== null)) return null;
	if (devices.length > 0) return 'foreign';
	return holds('seesTrackers', reader, organizations) ? 'none' : 'hidden';
}
