/**
 * The current version of every event type: what the relay writes into `dataschema`. A plain table, so that the bundle
 * gets it without the schemas; a test holds the two together.
 */
export const CURRENT_VERSIONS = {
	'trm.organizations.created': 1,
	'trm.organizations.updated': 1,
	'trm.organizations.deleted': 1,
	'trm.organization_users.created': 1,
	'trm.organization_users.updated': 1,
	'trm.organization_users.deleted': 1,
	'trm.vehicles.created': 1,
	'trm.vehicles.updated': 1,
	'trm.vehicles.deleted': 1,
	'trm.organization_vehicles.created': 1,
	'trm.organization_vehicles.updated': 1,
	'trm.organization_vehicles.deleted': 1,
	'trm.devices.created': 1,
	'trm.devices.updated': 1,
	'trm.devices.deleted': 1,
	'trm.organization_devices.created': 1,
	'trm.organization_devices.updated': 1,
	'trm.organization_devices.deleted': 1,
	'trm.events.created': 1,
	'trm.events.updated': 1,
	'trm.events.deleted': 1,
	'trm.classes.created': 1,
	'trm.classes.updated': 1,
	'trm.classes.deleted': 1,
	'trm.entries.created': 1,
	'trm.entries.updated': 1,
	'trm.entries.deleted': 1,
	'trm.entry_crew.created': 1,
	'trm.entry_crew.updated': 1,
	'trm.entry_crew.deleted': 1,
	'trm.entry_devices.created': 1,
	'trm.entry_devices.updated': 1,
	'trm.entry_devices.deleted': 1,
	'trm.positions.flagged': 1,
	'trm.stream.rebuilt': 1,
	'trm.stream.rewound': 1,
	'trm.stream.parked': 1,
} as const;

export type EventType = keyof typeof CURRENT_VERSIONS;

/** The name of a schema as it stands in `dataschema`: `urn:trm:event:trm.vehicles.created:1`. */
export function schemaUrn(type: string, version: number): string {
	return `urn:trm:event:${type}:${version}`;
}

/** @returns the `dataschema` of events that are written now; undefined for a type that is not in the contract. */
export function dataSchemaOf(type: string): string | undefined {
	return Object.hasOwn(CURRENT_VERSIONS, type) ? schemaUrn(type, CURRENT_VERSIONS[type as EventType]) : undefined;
}
