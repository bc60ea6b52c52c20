import { describe, expect, it } from 'vitest';
import { visiblePart } from './visible-part.js';

const at = (hour: number) => `2026-06-07T${String(hour).padStart(2, '0')}:00:00.000000Z`;
const span = (from: number, to: number) => ({ from: at(from), to: at(to) });
const openSpan = (from: number) => ({ from: at(from), to: 'infinity' });

const ranges = (...list: { from: string; to: string }[]) => ({ deviceId: 'd', ranges: list });
const keys = (...hours: number[]) => ({ deviceId: 'd', keys: hours.map(at) });

describe('visiblePart of ranges', () => {
	it.each([
		['before it', [span(1, 3)], [span(5, 7)]],
		['after it', [span(8, 9)], [span(5, 7)]],
		['touching its start', [span(1, 5)], [span(5, 7)]],
		['touching its end', [span(7, 9)], [span(5, 7)]],
	])('leaves a range %s alone', (_, given, hidden) => {
		expect(visiblePart(ranges(...given), hidden)).toEqual({ target: ranges(...given), hiddenKeys: [] });
	});

	it('cuts at both ends of a span, and at each of several', () => {
		expect(visiblePart(ranges(span(1, 12)), [span(3, 4), span(6, 8)]).target).toEqual(
			ranges(span(1, 3), span(4, 6), span(8, 12)),
		);
	});

	it('cuts to the end where a span is open', () => {
		expect(visiblePart(ranges(span(1, 12), span(20, 22)), [openSpan(10)]).target).toEqual(ranges(span(1, 10)));
	});

	it('leaves nothing of a range within a span', () => {
		expect(visiblePart(ranges(span(3, 4)), [span(3, 4)]).target).toBeNull();
	});
});

describe('visiblePart of keys', () => {
	it('hides those from the start of a span up to its end, which is not part of it', () => {
		expect(visiblePart(keys(2, 3, 4, 5), [span(3, 5)])).toEqual({ target: keys(2, 5), hiddenKeys: [at(3), at(4)] });
	});

	it('leaves nothing where all are hidden', () => {
		expect(visiblePart(keys(4), [openSpan(3)])).toEqual({ target: null, hiddenKeys: [at(4)] });
	});
});
