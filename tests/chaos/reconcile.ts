import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from './ledger.js';
import { isOfTheRelay, markOfEvent, type StreamEntry, type WriteRecord } from './marks.js';
import { followRows, type Tables } from './rows.js';

export interface OutboxRow {
	id: number;
	/** null: never published */
	sequence: number | null;
	eventId: string;
	type: string;
	subject: string;
}

/** All that is known after a round, of all rounds. */
export interface Evidence {
	/** in the order of their ids */
	outbox: OutboxRow[];
	/** as it stands in Redis */
	stream: StreamEntry[];
	/** how many entries are left at least when the stream's begin is trimmed */
	keep: number;
	ledger: Ledger;
	/** what the handler of consume() was given */
	handedOver: Ledger;
	writes: WriteRecord[];
	/** what the database holds, without bookkeeping columns */
	tables: Tables;
}

/** One line for each thing that is wrong. */
export interface Findings {
	lost: string[];
	duplicated: string[];
	reordered: string[];
	/** events of what never happened */
	phantoms: string[];
	/** one event taken for another */
	mistaken: string[];
}

export const FAILURES = ['lost', 'duplicated', 'reordered', 'phantoms', 'mistaken'] as const;

const nothing = (): Findings => ({ lost: [], duplicated: [], reordered: [], phantoms: [], mistaken: [] });
const name = ({ sequence, type, subject, eventId }: Omit<OutboxRow, 'id'>) =>
	`${sequence ?? 'unpublished'} ${type} ${subject} (event ${eventId})`;

/** Compares what was written, what the outbox says, what the stream holds and what a consumer was given. */
export function reconcile(evidence: Evidence): Findings {
	const findings = nothing();

	checkOutbox(evidence, findings);
	checkEntries('the stream', evidence.stream, evidence.outbox, findings);
	checkEntries("the consumer's ledger", evidence.ledger.handled, evidence.outbox, findings);
	checkHandedOver(evidence, findings);
	checkWrites(evidence, findings);
	checkRows(evidence, findings);
	findings.mistaken.push(...evidence.ledger.mistaken);
	findings.duplicated.push(...evidence.ledger.duplicated);

	for (const failure of FAILURES) findings[failure] = [...new Set(findings[failure])];
	return findings;
}

/** Each row has arrived under a sequence of its own, these have no gap, and go up with the ids of each subject. */
function checkOutbox({ outbox, stream, keep, ledger }: Evidence, { lost, reordered }: Findings): void {
	const inStream = new Set(stream.map(({ eventId }) => eventId));
	const lastOf = new Map<string, OutboxRow>();
	const begin = stream.length < keep ? 0 : (stream[0]?.sequence ?? 0);

	for (const row of outbox) {
		const where = [
			...(inStream.has(row.eventId) || Number(row.sequence ?? begin) < begin ? [] : ['the stream']),
			...(row.sequence !== null && ledger.has(row.sequence) ? [] : ["the consumer's ledger"]),
		];

		if (where.length > 0) lost.push(`${name(row)} is not in ${where.join(' nor in ')}`);
		if (isOfTheRelay(row) || row.sequence === null) continue;

		const before = lastOf.get(row.subject);
		if (before !== undefined && Number(before.sequence) > row.sequence) {
			reordered.push(`${name(row)} happened after ${name(before)}`);
		}

		lastOf.set(row.subject, row);
	}

	const sequences = outbox.flatMap(({ sequence }) => sequence ?? []).sort((a, b) => a - b);

	for (const [index, sequence] of sequences.entries()) {
		const expected = (sequences[index - 1] ?? 0) + 1;
		if (sequence > expected)
			lost.push(`no event has sequence ${expected}${sequence - 1 > expected ? ` to ${sequence - 1}` : ''}`);
	}
}

function checkEntries(where: string, entries: StreamEntry[], outbox: OutboxRow[], findings: Findings): void {
	const rows = new Map(outbox.map((row) => [row.eventId, row]));
	const places = new Map<number, StreamEntry>();
	const seen = new Map<string, number>();
	let last = 0;

	for (const entry of entries) {
		const { entryId, sequence, eventId } = entry;
		const row = rows.get(eventId);
		const place = places.get(sequence);

		if (row === undefined) findings.phantoms.push(`${name(entry)} is in ${where} and not in the outbox`);
		else if (row.sequence !== sequence)
			findings.mistaken.push(`${name(entry)} has sequence ${row.sequence} in the outbox`);
		if (entryId !== `${sequence}-0`) findings.mistaken.push(`${name(entry)} is entry ${entryId}`);
		if (place !== undefined)
			findings.duplicated.push(`${name(entry)} is in ${where} as ${place.entryId} and ${entryId}`);
		if (seen.has(eventId)) findings.duplicated.push(`${name(entry)} is in ${where} also as ${seen.get(eventId)}`);
		if (sequence < last) findings.reordered.push(`${name(entry)} comes after ${last} in ${where}`);

		places.set(sequence, entry);
		seen.set(eventId, sequence);
		last = Math.max(last, sequence);
	}
}

/** What the contract promises a handler: each event, once, in order. What it need not know of it must not be given either. */
function checkHandedOver({ outbox, handedOver }: Evidence, findings: Findings): void {
	const where = 'what consume() handed over';
	checkEntries(where, handedOver.handled, outbox, findings);

	for (const row of outbox) {
		if (row.sequence !== null && !handedOver.has(row.sequence)) findings.lost.push(`${name(row)} is not in ${where}`);
	}

	if (handedOver.redelivered > 0) findings.duplicated.push(`${handedOver.redelivered} events are twice in ${where}`);
}

/** Committed: each mark as often as said. Rolled back: none. Not known: all of it or nothing. */
function checkWrites({ ledger, writes }: Evidence, findings: Findings): void {
	const counts = new Map<string, number>();

	for (const event of ledger.handled) {
		const mark = markOfEvent(event);
		if (mark !== null) counts.set(mark, (counts.get(mark) ?? 0) + 1);
	}

	for (const { what, outcome, marks } of writes) {
		const found = Object.keys(marks).map((mark) => [mark, counts.get(mark) ?? 0] as const);
		const happened = outcome === 'committed' || (outcome === 'unknown' && found.some(([, count]) => count > 0));

		for (const [mark, count] of found) {
			const expected = happened ? Number(marks[mark]) : 0;
			const line = `${what}, ${outcome}: ${count} of ${expected} events "${mark}"`;

			if (count < expected) findings.lost.push(line);
			else if (count > expected) (happened ? findings.duplicated : findings.phantoms).push(line);
		}
	}
}

/** The events, followed one after the other, give the tables as they are. */
function checkRows({ ledger, tables }: Evidence, { lost, reordered, phantoms }: Findings): void {
	const followed = followRows(ledger.handled);
	reordered.push(...followed.misplaced);

	for (const [collection, rows] of tables) {
		const told = followed.tables.get(collection) ?? new Map();

		for (const [id, row] of rows) {
			if (!told.has(id)) lost.push(`${collection}/${id} is in the database, and no event tells of it`);
			else if (!isDeepStrictEqual(row, told.get(id)))
				lost.push(`${collection}/${id} was changed, and no event tells of it`);
		}

		for (const id of told.keys()) {
			if (!rows.has(id)) phantoms.push(`${collection}/${id} is not in the database, and the events have it`);
		}
	}
}
