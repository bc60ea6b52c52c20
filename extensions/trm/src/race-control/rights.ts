/**
 * What a membership lets its user do with trackers. The same as in snapshots/access.yaml, which a test compares: the
 * rights that Directus tells the app are those of all staff together, as one role serves all organisations.
 */
const SEES_TRACKERS = ['owner', 'race_director', 'timekeeper', 'operator'] as const;
const FLAGS = ['owner', 'race_director', 'operator'] as const;

export const ROLES = { seesTrackers: SEES_TRACKERS, flags: FLAGS };

export type Right = keyof typeof ROLES;
export type StaffRole = (typeof ROLES)[Right][number];

/** A row of organization_users. */
export interface Membership {
	organization: string;
	role: string;
}

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
	const roles: readonly string[] = ROLES[right];
	return memberships.some(({ organization, role }) => organizations.includes(organization) && roles.includes(role));
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
