import type { Accountability, ApiExtensionContext, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { SELECT_ASSIGNMENTS } from './sql.js';
import type { TimeRange } from './time-range.js';

interface Assignment extends TimeRange {
	id: string;
	device: string;
}

/**
 * When devices served entries that the caller may not read: a tracker that is lent or sold leaves its fixes with the
 * competitor who carried it.
 * @param devices ids of devices, all of which the caller may read.
 * @returns spans by device id, half-open; canonical timestamps, or `infinity`.
 */
export async function foreignSpans(
	services: ApiExtensionContext['services'],
	database: Knex,
	{ accountability, schema }: { accountability: Accountability; schema: SchemaOverview },
	devices: string[],
): Promise<Map<string, TimeRange[]>> {
	if (accountability.admin) return new Map();

	const { rows } = await database.raw<{ rows: Assignment[] }>(SELECT_ASSIGNMENTS, { devices });
	if (rows.length === 0) return new Map();

	const assignments = new services.ItemsService('entry_devices', { accountability, schema, knex: database });
	const readable = await readableIds(assignments, devices);
	const foreign = rows.filter(({ id }) => !readable.has(id));

	return Map.groupBy(foreign, ({ device }) => device);
}

async function readableIds(
	assignments: { readByQuery(query: object): Promise<unknown[]> },
	devices: string[],
): Promise<Set<string>> {
	try {
		const query = { fields: ['id'], filter: { device: { _in: devices } }, limit: -1 };
		const readable = (await assignments.readByQuery(query)) as { id: string }[];
		return new Set(readable.map(({ id }) => id));
	} catch (error) {
		// Directus's answer to somebody who may read no assignment at all.
		if ((error as { status?: number }).status === 403) return new Set();
		throw error;
	}
}
