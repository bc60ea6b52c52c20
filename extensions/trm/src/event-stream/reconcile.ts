import type { Head } from './outbox.js';

/** A row that has a sequence and may or may not be in the stream. */
export interface UnconfirmedEvent {
	seq: number;
	/** UUID */
	id: string;
}

/** What the stream's end says about the outbox. */
export type Finding =
	/** Rows above the end are still to be sent, and that is all. */
	| { kind: 'agrees' }
	/**
	 * From `from` on the stream holds something else than the database has given these sequences to. Redis never accepts a
	 * sequence again, so the database must go on after the end.
	 */
	| { kind: 'taken'; from: number }
	/** Published entries are gone. `isHistoryLost`: and the database is a restored one, so nobody knows what else was sent. */
	| { kind: 'lost'; isHistoryLost: boolean };

/**
 * Compares the stream's end with the outbox. Between `published` and `last` lies what a crash may have left unsent, which
 * is nothing to report.
 *
 * @param inStream ids of the events found in the stream after `published`, by sequence; null for an entry that is no event.
 */
export function reconcile(
	streamSeq: number,
	{ last, published, isOtherDatabase }: Pick<Head, 'last' | 'published' | 'isOtherDatabase'>,
	unconfirmed: UnconfirmedEvent[],
	inStream: Map<number, string | null>,
): Finding {
	const displaced = unconfirmed.find(({ seq, id }) => seq <= streamSeq && inStream.get(seq) !== id);
	if (displaced !== undefined) return { kind: 'taken', from: displaced.seq };
	if (streamSeq > last) return { kind: 'taken', from: last + 1 };
	if (streamSeq < published) return { kind: 'lost', isHistoryLost: isOtherDatabase };

	return { kind: 'agrees' };
}

/** How far the sequence moves on when it is not known how far it had come: further than any race. */
const LEAP = 10_000_000;

/** The data of trm.stream.rebuilt, and the sequence after which the stream's own events go. */
export function rebuiltData(found: number, { last, published, retainedFrom }: Omit<Head, 'isOtherDatabase'>) {
	const from = Math.max(found + 1, Math.min(retainedFrom, last + 1));

	return {
		found,
		published,
		from,
		to: last,
		missing: from > found + 1 ? { from: found + 1, to: from - 1 } : null,
	};
}

/** The data of trm.stream.rewound where it can only be said which sequences may have been in use. */
export function leapData(last: number) {
	return { from: last + 1, to: last + LEAP, events: 0, subjects: null, kept: 0 };
}
