export const VEHICLE_KINDS = ['moto', 'quad', 'car', 'ssv', 'truck'] as const;

/**
 * The registry of published collections, parents first. For each: the version of its rows that is written now, where the organisation of a
 * row is taken from, and the fields that hold one of a list. What else names them derives from this or is compared with it by
 * collections.test.ts; how to add one: docs/development.md. A plain table, so that the bundle gets it without the schemas.
 */
export const collections = {
	organizations: { version: 1, choices: { status: ['active', 'archived'] } },
	organization_users: {
		version: 1,
		choices: { role: ['owner', 'race_director', 'timekeeper', 'operator', 'marshal', 'viewer'] },
	},
	vehicles: { version: 1, choices: { kind: VEHICLE_KINDS } },
	organization_vehicles: {
		version: 1,
		stamp: { field: 'lender', parent: 'vehicle', collection: 'vehicles' },
		choices: {},
	},
	devices: {
		version: 1,
		choices: { status: ['active', 'spare', 'lost', 'retired'], protocol: ['teltonika', 'queclink', 'gt06'] },
	},
	organization_devices: {
		version: 1,
		stamp: { field: 'lender', parent: 'device', collection: 'devices' },
		choices: {},
	},
	events: {
		version: 1,
		choices: { status: ['draft', 'published', 'live', 'provisional', 'official', 'archived'] },
	},
	classes: {
		version: 1,
		stamp: { field: 'organization', parent: 'event', collection: 'events' },
		choices: { kind: VEHICLE_KINDS },
	},
	entries: {
		version: 1,
		stamp: { field: 'organization', parent: 'event', collection: 'events' },
		choices: { status: ['registered', 'scrutineered', 'started', 'retired', 'disqualified', 'finished'] },
	},
	entry_crew: {
		version: 1,
		stamp: { field: 'organization', parent: 'entry', collection: 'entries' },
		choices: { role: ['rider', 'driver', 'co_driver', 'navigator', 'mechanic'] },
	},
	entry_devices: {
		version: 1,
		stamp: { field: 'organization', parent: 'entry', collection: 'entries' },
		choices: { role: ['primary', 'backup'] },
	},
} as const satisfies Record<string, Registered>;

export interface Stamp {
	/** that is filled in with the parent's organisation */
	field: 'organization' | 'lender';
	/** the field that names the parent */
	parent: string;
	/** the parent's collection */
	collection: string;
}

interface Registered {
	version: number;
	stamp?: Stamp;
	choices: Record<string, readonly string[]>;
}

export type Collection = keyof typeof collections;

export const COLLECTIONS = Object.keys(collections) as Collection[];

/** @returns what is filled in for rows of the collection; undefined where the row says itself whose it is. */
export function stampOf(collection: string): Stamp | undefined {
	const registered: Readonly<Record<string, Registered>> = collections;
	return Object.hasOwn(registered, collection) ? registered[collection]?.stamp : undefined;
}
