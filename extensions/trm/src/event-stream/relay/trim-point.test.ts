import { describe, expect, it } from 'vitest';
import { trimPoint } from './trim-point.js';

const group = (last_delivered: number, oldest_pending: number | null = null) => ({ last_delivered, oldest_pending });

describe('where the stream is cut', () => {
	it.each([
		['nowhere without a group', [], 501, 0],
		['behind the slowest group', [group(80), group(40)], 101, 41],
		['at its oldest unacknowledged entry', [group(80, 20), group(40)], 101, 20],
		['before what is kept, though everybody is done with it', [group(100)], 71, 71],
		['nowhere when there is less than what is kept', [group(20)], -9, 0],
		['nowhere when a group has read nothing', [group(0), group(100)], 101, 1],
	])('%s', (_, groups, kept, before) => {
		expect(trimPoint(groups, kept)).toBe(before);
	});
});
