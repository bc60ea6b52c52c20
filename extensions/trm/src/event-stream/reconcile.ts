/** How the end of the stream stands to what Postgres knows of it. */
export interface Reconciliation {
	kind: 'level' | 'emptied' | 'ahead';
	/** For the log; null when there is nothing to tell. */
	message: string | null;
}

/**
 * Compares the stream's last sequence with the outbox: `last` was given to a row, `published` was seen in the stream.
 * Between the two lies what a crash may have left unsent, which is nothing to report.
 */
export function reconcile(streamSeq: number, { last, published }: { last: number; published: number }): Reconciliation {
	if (streamSeq > last) {
		return {
			kind: 'ahead',
			message:
				`the stream ends at ${streamSeq}, past the last sequence ${last} of the database (restored from a backup?): ` +
				`new events continue after ${streamSeq}.`,
		};
	}

	if (streamSeq < published) {
		return {
			kind: 'emptied',
			message: `the stream ends at ${streamSeq} although ${published} had been published (Redis lost its data?): sending again what the outbox retains.`,
		};
	}

	return { kind: 'level', message: null };
}
