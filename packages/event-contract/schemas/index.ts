import type { z } from 'zod';
import type { Collection } from '../collections.js';
import { ofRowEvents, type EventType } from '../versions.js';
import { positionsFlagged } from './positions-flagged.js';
import { created, deleted, updated } from './row-events.js';
import { rows } from './rows.js';
import { streamParked, streamRebuilt, streamRewound } from './stream-events.js';

const data = { created, updated, deleted };

type Rows = typeof rows;
type RowSchemas = {
	[C in Collection as `trm.${C}.created`]: { 1: ReturnType<typeof created<Rows[C]>> };
} & {
	[C in Collection as `trm.${C}.updated`]: { 1: ReturnType<typeof updated<Rows[C]>> };
} & {
	[C in Collection as `trm.${C}.deleted`]: { 1: ReturnType<typeof deleted<Rows[C]>> };
};

/**
 * The schema of `data` for every event type and version that can be on a stream: the only source of the contract. A version
 * stays for as long as a stream or an outbox may hold events of it.
 */
export const eventSchemas = {
	...(ofRowEvents((collection, change) => ({
		1: data[change](rows[collection] as Rows['vehicles']),
	})) as unknown as RowSchemas),
	'trm.positions.flagged': { 1: positionsFlagged },
	'trm.stream.rebuilt': { 1: streamRebuilt },
	'trm.stream.rewound': { 1: streamRewound },
	'trm.stream.parked': { 1: streamParked },
} satisfies Record<EventType, Record<number, z.ZodType>>;

export type EventSchemas = typeof eventSchemas;
