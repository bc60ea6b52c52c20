import type { Api } from './api.js';
import type { MenuItem } from './item-search.js';
import type { Membership } from './rights.js';
import { isForbidden } from './server-errors.js';
import type { Entry, EntryDevice, RallyEvent } from './types.js';

const EVENT_FIELDS = ['id', 'name', 'start_date', 'end_date', 'timezone', 'status'];
const ENTRY_BASICS = ['id', 'race_number', 'team', 'status'];
const ENTRY_DEVICES = ['devices.role', 'devices.device.id', 'devices.device.imei', 'devices.device.model'];
const ENTRY_DETAILS = ['class.code', 'crew.name', 'crew.role'];

/** Roles of an entry's trackers and crew, the one that matters most first. */
const DEVICE_ROLES = ['primary', 'backup'];
const CREW_ROLES = ['rider', 'driver', 'co_driver', 'navigator', 'mechanic'];

export interface FoundDevice {
	id: string;
	imei: string;
	model: string | null;
}

/** Everybody sees published events of all organisations, but has nothing to control in those of others. */
const OF_OWN_ORGANIZATIONS = { organization: { users: { _some: { user: { _eq: '$CURRENT_USER' } } } } };

/** @param all also those of organisations that the user is no member of, as administrators want them */
export async function readEvents(api: Api, all: boolean): Promise<RallyEvent[]> {
	const read = (more: object) =>
		readItems<RallyEvent>(api, 'events', { fields: EVENT_FIELDS, sort: ['-start_date', 'name'], limit: -1, ...more });

	const withOrganization = { fields: [...EVENT_FIELDS, 'organization'] };
	if (all) return read(withOrganization);

	return read({ ...withOrganization, filter: OF_OWN_ORGANIZATIONS }).catch((error: unknown) => {
		// A policy made by hand may know nothing of organisations and memberships.
		if (isForbidden(error)) return read({});
		throw error;
	});
}

/** The entries of an event by race number; without class and crew for a user who may not see those. */
export async function readEntries(api: Api, eventId: string): Promise<Entry[]> {
	const read = (fields: string[]) =>
		readItems<Partial<Entry> & Pick<Entry, 'id' | 'race_number'>>(api, 'entries', {
			fields,
			filter: { event: { _eq: eventId } },
			sort: ['race_number'],
			limit: -1,
		});

	const basics = [...ENTRY_BASICS, ...ENTRY_DEVICES];

	const entries = await read([...basics, ...ENTRY_DETAILS]).catch((error: unknown) => {
		if (isForbidden(error)) return read(basics);
		throw error;
	});

	return entries.map((entry) => ({
		team: null,
		status: '',
		class: null,
		...entry,
		crew: sortByRole(entry.crew ?? [], CREW_ROLES),
		devices: sortByRole(entry.devices ?? [], DEVICE_ROLES),
	}));
}

/** Trackers that the user may see, by a part of the IMEI. */
export async function findDevices(api: Api, part: string): Promise<FoundDevice[]> {
	return readItems<FoundDevice>(api, 'devices', {
		fields: ['id', 'imei', 'model'],
		// Directus refuses an empty text in a filter.
		...(part === '' ? {} : { filter: { imei: { _contains: part } } }),
		sort: ['imei'],
		limit: 20,
	});
}

/** The user's own memberships. @throws what the server answers: 403 where no policy gives them. */
export async function readMemberships(api: Api): Promise<Membership[]> {
	return readItems<Membership>(api, 'organization_users', {
		fields: ['operates', 'tracks'],
		filter: { user: { _eq: '$CURRENT_USER' } },
		limit: -1,
	});
}

/** Who owns a tracker, and to whom it is lent, as far as the user may see it. @returns ids of organisations. @throws as readMemberships */
export async function readOrganizationsOf(api: Api, imei: string): Promise<string[]> {
	const [device] = await readItems<{ organization: string; organizations: { organization: string }[] }>(
		api,
		'devices',
		{ fields: ['organization', 'organizations.organization'], filter: { imei: { _eq: imei } }, limit: 1 },
	);

	return device === undefined
		? []
		: [device.organization, ...device.organizations.map(({ organization }) => organization)];
}

/** An entry for a menu: `301 · Driver 039, Navigator 039 · Privateer`, found by what is to be read there. */
export function entryItem({ id, race_number, crew, team }: Entry): MenuItem {
	const people = crew.map(({ name }) => name).join(', ');

	return {
		value: id,
		text: [String(race_number), people, team].filter(Boolean).join(' · '),
		number: race_number,
		names: [people, team].filter(Boolean).join(' '),
	};
}

/** `Primary · 352094080000017` */
export function deviceLabel({ role, device }: EntryDevice): string {
	return [role.charAt(0).toUpperCase() + role.slice(1), device?.imei].filter(Boolean).join(' · ');
}

/** The event an operator most probably wants: one that runs, else the latest. */
export function likelyEvent(events: RallyEvent[]): RallyEvent | null {
	return events.find(({ status }) => status === 'live') ?? events[0] ?? null;
}

async function readItems<T>(api: Api, collection: string, query: Record<string, unknown>): Promise<T[]> {
	const params = { ...query, filter: query['filter'] && JSON.stringify(query['filter']) };
	const { data } = await api.get<{ data: T[] }>(`/items/${collection}`, { params });
	return data.data;
}

function sortByRole<T extends { role: string }>(items: T[], roles: string[]): T[] {
	const rank = ({ role }: T) => (roles.includes(role) ? roles.indexOf(role) : roles.length);
	return [...items].sort((a, b) => rank(a) - rank(b));
}
