import type { Accountability, Filter, SchemaOverview } from '@directus/types';
import type { HeldPermission } from '../held-permissions.js';
import type { Reader } from './readable-rows.js';

export const schema = {
	collections: Object.fromEntries(
		['organizations', 'organization_users', 'events', 'entries', 'vehicles', 'directus_users', 'directus_files'].map(
			(name) => [name, { primary: 'id' }],
		),
	),
	relations: [
		['events', 'organization', 'organizations', 'events'],
		['entries', 'event', 'events', 'entries'],
		['entries', 'vehicle', 'vehicles', null],
		['organization_users', 'organization', 'organizations', 'users'],
		['organization_users', 'user', 'directus_users', 'memberships'],
	].map(([collection, field, related_collection, one_field]) => ({
		collection,
		field,
		related_collection,
		meta: { one_field },
	})),
} as unknown as SchemaOverview;

export const caller = { user: 'me', role: 'staff', roles: ['staff'], admin: false, app: true } as Accountability;

/** A right on these fields, of all rows or of those that a filter finds. */
export const right = (fields: string[], filter: object | null = null): HeldPermission => ({
	fields,
	filter: filter as Filter | null,
	validation: null,
	presets: {},
	everybodys: false,
});

/** Somebody with these rights to read, by collection; none on any other. */
export const readerWith = (rights: Record<string, HeldPermission[]>): Reader => ({
	schema,
	accountability: caller,
	rightsOn: async (collection) => rights[collection] ?? [],
});
