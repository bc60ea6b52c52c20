/** Keys of one device that stand close enough together for one statement. */
export interface KeySpan {
	first: string;
	last: string;
	keys: string[];
}

/** About one compressed batch, 1,000 fixes at 1 Hz: splitting at a shorter gap would decompress no batch less. */
const GAP = 15 * 60 * 1_000;

/** Each span costs two statements. */
const MOST_SPANS = 500;

/**
 * Splits keys at gaps. A compressed hypertable decompresses everything between the first and the last key of a statement, so ten keys over
 * ten days would cost ten days. Where that would make too many spans, it splits at the widest gaps.
 * @param keys canonical timestamps, in order, at least one
 */
export function keySpans(keys: string[]): KeySpan[] {
	const times = keys.map((key) => Date.parse(key));
	const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
	const widest = gaps.filter((gap) => gap > GAP).sort((one, other) => other - one);
	const limit = widest[MOST_SPANS - 1] ?? GAP;

	const ends = gaps.flatMap((gap, index) => (gap > limit ? [index + 1] : []));
	const starts = [0, ...ends];

	return starts.map((start, index) => {
		const span = keys.slice(start, ends[index]);
		return { first: span[0] as string, last: span.at(-1) as string, keys: span };
	});
}
