import { isDeepStrictEqual } from 'node:util';
import { COLLECTIONS, type Collection } from '../../packages/event-contract/collections.js';
import type { Row, StreamEntry } from './marks.js';

/** Rows by collection and id. */
export type Tables = Map<string, Map<string, Row>>;

/** What the collections refer to, so that a cause can be looked for before its effect. */
const PARENTS: Partial<Record<Collection, Record<string, string>>> = {
	organization_users: { organization: 'organizations' },
	organization_vehicles: { organization: 'organizations', vehicle: 'vehicles' },
	organization_devices: { organization: 'organizations', device: 'devices' },
	events: { organization: 'organizations' },
	classes: { event: 'events', parent: 'classes' },
	entries: { event: 'events', class: 'classes', vehicle: 'vehicles' },
	entry_crew: { entry: 'entries' },
	entry_devices: { entry: 'entries', device: 'devices' },
};

/** An update of nothing else makes no event, so that the events do not tell these exactly. */
const BOOKKEEPING = new Set(['date_updated', 'user_updated']);

export const withoutBookkeeping = (row: Row): Row =>
	Object.fromEntries(Object.entries(row).filter(([column]) => !BOOKKEEPING.has(column)));

/** What `row` was before: `changed` tells it. */
function before(row: Row, changed: Record<string, { old: unknown }>): Row {
	return { ...row, ...Object.fromEntries(Object.entries(changed).map(([column, { old }]) => [column, old])) };
}

/**
 * Does to empty tables what the events say, in the order in which they came.
 * @returns the tables, and for each event that cannot follow on those before it why: a change of another row than the
 * one there is, a child without its parent.
 */
export function followRows(events: StreamEntry[]): { tables: Tables; misplaced: string[] } {
	const tables: Tables = new Map(COLLECTIONS.map((collection) => [collection, new Map()]));
	const everCreated = new Set<string>();
	const misplaced: string[] = [];

	for (const { sequence, type, subject, data } of events) {
		const [, collection = '', verb] = type.split('.');
		const table = tables.get(collection);
		if (table === undefined || data.row === undefined) continue;

		const id = String(data.row['id']);
		const known = table.get(id);
		const row = withoutBookkeeping(data.row);
		const expected = verb === 'created' ? undefined : withoutBookkeeping(before(data.row, data.changed ?? {}));

		if (!isDeepStrictEqual(known, expected)) {
			misplaced.push(`${sequence} ${type} ${subject} does not follow on what came before it of this row`);
		}

		if (verb === 'created') {
			everCreated.add(`${collection}/${id}`);

			for (const [column, parent] of Object.entries(PARENTS[collection as Collection] ?? {})) {
				if (row[column] !== null && !everCreated.has(`${parent}/${row[column]}`)) {
					misplaced.push(`${sequence} ${type} ${subject} comes before the creation of ${parent}/${row[column]}`);
				}
			}
		}

		if (verb === 'deleted') table.delete(id);
		else table.set(id, row);
	}

	return { tables, misplaced };
}
