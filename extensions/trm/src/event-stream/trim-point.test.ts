import { describe, expect, it } from 'vitest';
import { trimPoint } from './trim-point.js';

const group = (last_delivered: number, oldest_pending: number | null = null) => ({ last_delivered, oldest_pending });
const limits = { keep: 0, maxLength: 1_000 };

describe('where the stream is cut', () => {
	it.each([
		['nowhere without a group', [], 500, limits, 0],
		['behind the slowest group', [group(80), group(40)], 100, limits, 41],
		['at its oldest unacknowledged entry', [group(80, 20), group(40)], 100, limits, 20],
		['not where everybody is done but entries are kept', [group(100)], 100, { keep: 30, maxLength: 1_000 }, 71],
		['nowhere when it is shorter than what is kept', [group(20)], 20, { keep: 30, maxLength: 1_000 }, 0],
	])('%s', (_, groups, end, given, before) => {
		expect(trimPoint(groups, end, given)).toMatchObject({ before, isCapped: false });
	});

	it('at the cap, whoever has not read that far', () => {
		expect(trimPoint([group(40)], 5_000, limits)).toEqual({ before: 4_001, readByAll: 41, isCapped: true });
		expect(trimPoint([], 5_000, limits)).toEqual({ before: 4_001, readByAll: 0, isCapped: true });
	});
});
