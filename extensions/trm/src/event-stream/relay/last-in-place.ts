import type { Head, Outbox } from './outbox.js';
import type { EventStream } from './stream.js';

/**
 * Looks from the stream's end backwards for the last event that is where the database has it. That is nearly always the
 * first one looked at; each page asks the database too, so that a leader who has to look at many is not silent meanwhile.
 * @returns its sequence, or `published` when there is none after it.
 */
export async function lastInPlace(
	stream: EventStream,
	outbox: Outbox,
	{ last, published }: Pick<Head, 'last' | 'published'>,
	end: number,
): Promise<number> {
	for await (const page of stream.entriesBackwards(Math.min(end, last), published + 1)) {
		const ids = await outbox.readIds(page.at(-1)?.seq ?? 0, page[0]?.seq ?? 0);
		const found = page.find(({ seq, id, isOwn }) => isOwn && ids.get(seq) === id);
		if (found !== undefined) return found.seq;
	}

	return published;
}
