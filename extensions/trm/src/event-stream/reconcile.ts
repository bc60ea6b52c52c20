/** What Postgres knows of the stream: the last sequence given to a row, and the last one seen in the stream. */
export interface Head {
	last: number;
	published: number;
}

/** A row that has a sequence and may or may not be in the stream. */
export interface UnconfirmedEvent {
	seq: number;
	/** UUID */
	id: string;
}

/** What to do before publishing goes on. */
export interface Reconciliation {
	/** For the log; null when there is nothing to tell. */
	message: string | null;
	/** Rows from this sequence on need new numbers, past the stream's end; null when all numbers stand. */
	numberAnewFrom: number | null;
	/** Of those, the events that are in the stream and keep theirs. */
	delivered: string[];
}

/**
 * Compares the stream's end with the outbox. Between `published` and `last` lies what a crash may have left unsent, which
 * is nothing to report. An entry at or below the stream's end that is not the event of that sequence means that somebody
 * else has taken its place: Redis will never accept that sequence again, so the row must get another one.
 *
 * @param inStream ids of the events found in the stream after `published`, by sequence; null for an entry that is no event.
 */
export function reconcile(
	streamSeq: number,
	{ last, published }: Head,
	unconfirmed: UnconfirmedEvent[],
	inStream: Map<number, string | null>,
): Reconciliation {
	const lost = unconfirmed.find(({ seq, id }) => seq <= streamSeq && inStream.get(seq) !== id);
	const isDelivered = ({ seq, id }: UnconfirmedEvent) => inStream.get(seq) === id;

	if (lost !== undefined) {
		return {
			message:
				`somebody else writes the stream: sequence ${lost.seq} of an event of ours is taken. What was not sent is numbered ` +
				`anew after ${streamSeq}. Give each database a stream of its own (EVENT_STREAM).`,
			numberAnewFrom: lost.seq,
			delivered: unconfirmed.filter(isDelivered).map(({ id }) => id),
		};
	}

	if (streamSeq > last) {
		return {
			message:
				`the stream ends at ${streamSeq}, past the last sequence ${last} of the database (restored from a backup?): ` +
				`new events continue after ${streamSeq}.`,
			numberAnewFrom: streamSeq + 1,
			delivered: [],
		};
	}

	const isEmptied = streamSeq < published;

	return {
		message: isEmptied
			? `the stream ends at ${streamSeq} although ${published} had been published (Redis lost its data?): sending again what the outbox retains.`
			: null,
		numberAnewFrom: null,
		delivered: [],
	};
}
