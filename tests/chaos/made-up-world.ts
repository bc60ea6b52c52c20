import { Ledger } from './ledger.js';
import { markOf, type Row, type StreamEntry, type WriteRecord } from './marks.js';
import { FAILURES, reconcile, type Findings, type OutboxRow } from './reconcile.js';
import { COLLECTIONS } from '../../packages/event-contract/collections.js';
import type { Tables } from './rows.js';

export const vehicle = (id: string, model: string, year: number): Row => ({ id, model, year });

/** The event that a change of a row makes; the sequence is its place in the world. */
export type Change = Pick<StreamEntry, 'type' | 'subject' | 'data'>;

const created = (collection: string, row: Row): Change => ({
	type: `trm.${collection}.created`,
	subject: `${collection}/${row['id']}`,
	data: { row },
});

const updated = (old: Row, row: Row): Change => {
	const changed = Object.entries(row).filter(([column, value]) => value !== old[column]);

	return {
		type: 'trm.vehicles.updated',
		subject: `vehicles/${row['id']}`,
		data: {
			row,
			changed: Object.fromEntries(changed.map(([column, value]) => [column, { old: old[column], new: value }])),
		},
	};
};

export const CHANGES: Change[] = [
	created('vehicles', vehicle('v', 'one', 0)),
	updated(vehicle('v', 'one', 0), vehicle('v', 'two', 1)),
	updated(vehicle('v', 'two', 1), vehicle('v', 'three', 2)),
	created('organizations', { id: 'o', name: 'four' }),
	created('organization_vehicles', { id: 'ov', organization: 'o', vehicle: 'v' }),
	{ type: 'trm.stream.rebuilt', subject: 'stream', data: {} },
	created('vehicles', vehicle('w', 'seven', 0)),
	{ type: 'trm.vehicles.deleted', subject: 'vehicles/w', data: { row: vehicle('w', 'seven', 0) } },
];

export const entryOf = (change: Change, sequence: number): StreamEntry => ({
	...change,
	entryId: `${sequence}-0`,
	sequence,
	eventId: `event-${sequence}`,
});

export const committed = (what: string, ...marks: string[]): WriteRecord => ({
	what,
	outcome: 'committed',
	marks: Object.fromEntries(marks.map((mark) => [mark, 1])),
});

interface Made {
	outbox: OutboxRow[];
	stream: StreamEntry[];
	keep: number;
	/** what the consumer received, one after the other */
	arrivals: StreamEntry[];
	/** what the handler of consume() was given; of what is not in the outbox, nothing */
	handedOver: StreamEntry[];
	writes: WriteRecord[];
	tables: Tables;
}

/** A world in which all is well, which each test spoils in one way. */
function makeWorld(): Made {
	const stream = CHANGES.map((change, index) => entryOf(change, index + 1));
	const tables: Tables = new Map(COLLECTIONS.map((collection) => [collection, new Map<string, Row>()]));

	tables.get('vehicles')?.set('v', vehicle('v', 'three', 2));
	tables.get('organizations')?.set('o', { id: 'o', name: 'four' });
	tables.get('organization_vehicles')?.set('ov', { id: 'ov', organization: 'o', vehicle: 'v' });

	return {
		outbox: stream.map(({ sequence, eventId, type, subject }) => ({
			id: sequence * 10,
			sequence,
			eventId,
			type,
			subject,
		})),
		stream,
		keep: 1_000,
		arrivals: [...stream],
		handedOver: [...stream],
		writes: [
			committed('first', markOf('created', 'one')),
			committed('second', markOf('updated', 'two')),
			committed('third', markOf('updated', 'three')),
			committed('fourth', markOf('created', 'seven')),
			committed('fifth', markOf('deleted', 'seven')),
			{ what: 'sixth', outcome: 'rolled back', marks: { [markOf('created', 'never')]: 2 } },
			{ what: 'seventh', outcome: 'unknown', marks: { [markOf('created', 'perhaps')]: 2 } },
		],
		tables,
	};
}

function findIn({ arrivals, handedOver, ...made }: Made): Findings {
	const published = new Map(made.outbox.map(({ eventId, sequence }) => [eventId, sequence]));
	const given = handedOver.filter(({ eventId, sequence }) => published.get(eventId) === sequence);
	return reconcile({ ...made, ledger: ledgerOf(arrivals), handedOver: ledgerOf(given) });
}

function ledgerOf(entries: StreamEntry[]): Ledger {
	const ledger = new Ledger();
	for (const entry of entries) ledger.receive(entry);
	return ledger;
}

/** @returns what is found once `spoil` has been at it: how many of each sort, the others left out. */
export function countsAfter(spoil: (made: Made) => void): Partial<Record<keyof Findings, number>> {
	const made = makeWorld();
	spoil(made);
	const findings = findIn(made);
	return Object.fromEntries(
		FAILURES.flatMap((sort) => (findings[sort].length > 0 ? [[sort, findings[sort].length]] : [])),
	);
}
