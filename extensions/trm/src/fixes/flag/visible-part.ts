import type { TimeRange } from '../time-range.js';
import type { FlagTarget } from './flag-request.js';

/** What a call names of one device, cut down to what exists for the caller. */
export interface VisiblePart {
	/** null where nothing is left */
	target: FlagTarget | null;
	/** keys that do not exist for the caller */
	hiddenKeys: string[];
}

/**
 * Takes out what lies in spans that are not the caller's. Everything half-open and canonical, so that texts compare as
 * the times they stand for; a span's `to` may be `infinity`, which as a text comes after every time.
 */
export function visiblePart(target: FlagTarget, hidden: TimeRange[]): VisiblePart {
	if (hidden.length === 0) return { target, hiddenKeys: [] };

	if ('keys' in target) {
		const { inside = [], outside = [] } = Object.groupBy(target.keys, (key) =>
			hidden.some(({ from, to }) => from <= key && key < to) ? 'inside' : 'outside',
		);
		return { target: outside.length === 0 ? null : { ...target, keys: outside }, hiddenKeys: inside };
	}

	const ranges = hidden.reduce(withoutSpan, target.ranges);
	return { target: ranges.length === 0 ? null : { ...target, ranges }, hiddenKeys: [] };
}

function withoutSpan(ranges: TimeRange[], span: TimeRange): TimeRange[] {
	return ranges
		.flatMap(({ from, to }) => [
			{ from, to: to < span.from ? to : span.from },
			{ from: from > span.to ? from : span.to, to },
		])
		.filter(({ from, to }) => from < to);
}
