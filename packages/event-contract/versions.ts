import { collections, COLLECTIONS, type Collection } from './collections.js';

export const CHANGES = ['created', 'updated', 'deleted'] as const;

type Change = (typeof CHANGES)[number];

/** What is no change of a row. */
const OTHERS = {
	'trm.positions.flagged': 1,
	'trm.stream.rebuilt': 1,
	'trm.stream.rewound': 1,
	'trm.stream.parked': 1,
} as const;

export type RowEventType = `trm.${Collection}.${Change}`;
export type EventType = RowEventType | keyof typeof OTHERS;

/** One value for each change of each published collection, by event type. */
export function ofRowEvents<Value>(value: (collection: Collection, change: Change) => Value) {
	const entries = COLLECTIONS.flatMap((collection) =>
		CHANGES.map((change) => [`trm.${collection}.${change}`, value(collection, change)]),
	);
	return Object.fromEntries(entries) as Record<RowEventType, Value>;
}

/** The current version of every event type: what the relay writes into `dataschema`. */
export const CURRENT_VERSIONS: Readonly<Record<EventType, number>> = {
	...ofRowEvents((collection) => collections[collection].version),
	...OTHERS,
};

/** The name of a schema as it stands in `dataschema`: `urn:trm:event:trm.vehicles.created:1`. */
export function schemaUrn(type: string, version: number): string {
	return `urn:trm:event:${type}:${version}`;
}

/** @returns the `dataschema` of events that are written now; undefined for a type that is not in the contract. */
export function dataSchemaOf(type: string): string | undefined {
	return Object.hasOwn(CURRENT_VERSIONS, type) ? schemaUrn(type, CURRENT_VERSIONS[type as EventType]) : undefined;
}
