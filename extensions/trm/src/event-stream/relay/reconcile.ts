import type { Head } from './outbox.js';

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
 * Events are appended in the order of their sequences and nowhere else than at the end, so one that is in its place says
 * that all before it were sent. What is absent below the end was trimmed, or taken out by somebody; it was there.
 *
 * @param agreedUpTo the highest sequence from `published` on whose event is in its place in the stream
 * @param next the first entry after that, null where there is none
 */
export function reconcile(
	end: number,
	{ last, published, isOtherDatabase }: Pick<Head, 'last' | 'published' | 'isOtherDatabase'>,
	agreedUpTo: number,
	next: { seq: number; isOwn: boolean } | null,
): Finding {
	if (end < published) return { kind: 'lost', isHistoryLost: isOtherDatabase };

	if (next === null) return end > last ? { kind: 'taken', from: last + 1 } : { kind: 'agrees' };

	// Events of ours that the database does not know were appended in order too: what lies before them was sent. Somebody
	// else's entry says nothing of the rows before it.
	return { kind: 'taken', from: next.isOwn ? Math.min(next.seq, last + 1) : agreedUpTo + 1 };
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
