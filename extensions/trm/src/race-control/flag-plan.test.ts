import { describe, expect, test } from 'vitest';
import { findStretches, planFlag, planUndo } from './flag-plan.js';
import type { TrackFix } from './types.js';

const DEVICE = '352094080000017';

const fixes = Array.from({ length: 30_000 }, (_, n): TrackFix => {
	const ts = `${new Date(Date.parse('2026-06-07T08:00:00Z') + n * 1000).toISOString().slice(0, 19)}.123456Z`;
	return {
		ts,
		latitude: 41,
		longitude: 19,
		altitude: null,
		angle: null,
		speed: null,
		satellites: null,
		priority: null,
		received_at: ts,
		faulty: false,
		suspect: [],
	};
});

const span = (from: number, to: number, step = 1) =>
	new Set(Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => from + n * step));

describe('a selection', () => {
	test('of up to 10,000 is sent by key, in order', () => {
		expect(planFlag(DEVICE, fixes, new Set([7, 3]))).toEqual({
			kind: 'keys',
			positions: [
				{ device_id: DEVICE, ts: '2026-06-07T08:00:03.123456Z' },
				{ device_id: DEVICE, ts: '2026-06-07T08:00:07.123456Z' },
			],
		});
		expect(planFlag(DEVICE, fixes, span(0, 10_000)).kind).toBe('keys');
	});

	test('of more is sent as ranges that end a microsecond after their last fix', () => {
		expect(planFlag(DEVICE, fixes, span(10, 10_011))).toEqual({
			kind: 'ranges',
			ranges: [{ device_id: DEVICE, from: '2026-06-07T08:00:10.123456Z', to: '2026-06-07T10:46:50.123457Z' }],
		});
	});

	test('of a few is sent as ranges when asked, one for each stretch', () => {
		const plan = planFlag(DEVICE, fixes, new Set([1, 2, 3, 9]), true);
		expect(plan.kind === 'ranges' && plan.ranges.map(({ from, to }) => [from.slice(17, 19), to.slice(17)])).toEqual([
			['01', '03.123457Z'],
			['09', '09.123457Z'],
		]);
	});

	test('of too many in too many places is refused', () => {
		expect(planFlag(DEVICE, fixes, span(0, 30_000, 2)).kind).toBe('refused');
	});
});

test('stretches are runs without a gap', () => {
	expect(findStretches([1, 2, 3, 5, 8, 9])).toEqual([
		[1, 3],
		[5, 5],
		[8, 9],
	]);
	expect(findStretches([])).toEqual([]);
});

describe('an undo', () => {
	test('is the inverse call with the keys or the ranges', () => {
		const ranges = [{ from: '2026-06-07T08:00:00.000000Z', to: '2026-06-07T09:00:00.000000Z' }];
		expect(planUndo({ faulty: true, keys: ['k1', 'k2'], ranges: null }, DEVICE, 'why')).toEqual({
			faulty: false,
			reason: 'why',
			positions: [
				{ device_id: DEVICE, ts: 'k1' },
				{ device_id: DEVICE, ts: 'k2' },
			],
		});
		expect(planUndo({ faulty: false, keys: null, ranges }, DEVICE, null)).toEqual({
			faulty: true,
			reason: null,
			ranges: [{ device_id: DEVICE, ...ranges[0] }],
		});
	});

	test('of an item without either is not possible', () => {
		expect(planUndo({ faulty: true, keys: null, ranges: null }, DEVICE, null)).toBeNull();
	});
});
