import { describe, expect, test } from 'vitest';
import type { Fix } from './fix.js';
import { findSuspects } from './suspect-fixes.js';

const START = Date.parse('2026-06-07T08:00:00Z');
/** degrees of latitude that a vehicle at 72 km/h makes in a second */
const STEP = 20 / 111_195;

function latitudeAt(n: number): number {
	return 41.3 + n * STEP;
}

/** Fix n of a vehicle that goes north at 72 km/h, received two seconds later. */
function fixAt(n: number, change: Partial<Fix> = {}): Fix {
	const time = START + n * 1000;

	return {
		ts: new Date(time).toISOString(),
		latitude: latitudeAt(n),
		longitude: 19.8,
		speed: 72,
		satellites: 11,
		received_at: new Date(time + 2000).toISOString(),
		faulty: false,
		...change,
	};
}

/** A clean track of `length` fixes with some of them changed. */
function track(length: number, changes: Record<number, Partial<Fix>> = {}): Fix[] {
	return Array.from({ length }, (_, n) => fixAt(n, changes[n]));
}

/** index → kinds, of the suspects only */
function kindsOf(fixes: Fix[]): Record<number, string[]> {
	const found = findSuspects(fixes).map((reasons, index) => [index, reasons.map(({ kind }) => kind)] as const);
	return Object.fromEntries(found.filter(([, kinds]) => kinds.length > 0));
}

function indices(from: number, to: number): number[] {
	return Array.from({ length: to - from }, (_, n) => from + n);
}

function allOf(range: number[], kind: string): Record<number, string[]> {
	return Object.fromEntries(range.map((index) => [index, [kind]]));
}

describe('a clean track', () => {
	test('has no suspects', () => {
		expect(kindsOf(track(600))).toEqual({});
		expect(findSuspects([])).toEqual([]);
	});

	test('may stand still at a reported speed of 0, start from rest and have no speed or satellites at all', () => {
		const standing = { latitude: 41.3, longitude: 19.8, speed: 0 };
		expect(kindsOf([...indices(0, 5).map((n) => fixAt(n, standing)), fixAt(6), fixAt(7)])).toEqual({});
		expect(kindsOf(track(20).map((fix) => ({ ...fix, speed: null, satellites: null })))).toEqual({});
	});

	test('may have noise of some metres, a long gap, and fixes that arrive hours late', () => {
		const noise = (n: number) => (n % 2 === 0 ? 1 : -1) * 0.00004;
		expect(kindsOf(track(60).map((fix, n) => ({ ...fix, longitude: 19.8 + noise(n) })))).toEqual({});
		expect(kindsOf([fixAt(0), fixAt(1), fixAt(1800, { speed: 0 }), fixAt(1801)])).toEqual({});
		expect(kindsOf(track(20).map((fix) => ({ ...fix, received_at: '2026-06-07T19:00:00.000Z' })))).toEqual({});
	});

	test('may have two fixes within a millisecond', () => {
		const twin = { ...fixAt(5), ts: fixAt(4).ts.replace('Z', '400Z'), latitude: latitudeAt(4) + 0.00003 };
		expect(kindsOf([...track(5), twin, ...track(10).slice(5)])).toEqual({});
	});
});

describe('zero_coordinates', () => {
	test('are 0/0, nearly 0/0, absent and impossible ones; neither neighbour is suspect', () => {
		const changes = {
			10: { latitude: 0, longitude: 0 },
			11: { latitude: 0.0000001, longitude: -0.0000001 },
			12: { latitude: null, longitude: null },
			13: { latitude: 91, longitude: 19 },
			14: { latitude: NaN, longitude: 19 },
		};

		expect(kindsOf(track(30, changes))).toEqual(allOf(indices(10, 15), 'zero_coordinates'));
	});

	test('are no equator and no meridian', () => {
		expect(kindsOf(track(5).map((fix) => ({ ...fix, longitude: 0 })))).toEqual({});
	});
});

describe('jump', () => {
	test('is a fix far away; the return is none', () => {
		expect(kindsOf(track(30, { 12: { latitude: 42.3 } }))).toEqual({ 12: ['jump'] });
	});

	test('is a short one that the reported speed does not explain', () => {
		expect(kindsOf(track(30, { 12: { longitude: 19.8012 } }))).toEqual({ 12: ['jump'] });
	});

	test('is every one of several places in a row', () => {
		const changes = { 12: { latitude: 42.3 }, 13: { latitude: 40.1 }, 14: { longitude: 21 } };
		expect(kindsOf(track(30, changes))).toEqual(allOf(indices(12, 15), 'jump'));
	});

	test('is a whole stretch in a wrong place, once the tracker is back', () => {
		const changes = Object.fromEntries(indices(100, 140).map((n) => [n, { latitude: 43 + n * STEP }]));
		expect(kindsOf(track(300, changes))).toEqual(allOf(indices(100, 140), 'jump'));
	});

	test('is a lone bad fix at the start, not the track after it', () => {
		expect(kindsOf(track(20, { 0: { latitude: 43 } }))).toEqual({ 0: ['jump'] });
	});

	test('does not make everything after it suspect when the tracker stays in the new place', () => {
		const changes = Object.fromEntries(indices(50, 400).map((n) => [n, { latitude: 43 + n * STEP }]));
		expect(kindsOf(track(400, changes))).toEqual(allOf([50, 51], 'jump'));
	});

	test('is not the many-th one in a row that hides the track', () => {
		const changes = Object.fromEntries(indices(100, 130).map((n) => [n, { latitude: 30 + ((n * 7) % 30) }]));
		expect(kindsOf(track(300, changes))).toEqual(allOf(indices(100, 130), 'jump'));
	});

	test('before a gap does not take the track with it', () => {
		const fixes = [...track(100, { 99: { latitude: 41.1 } }), ...track(2000).slice(1400)];
		expect(kindsOf(fixes)).toEqual({ 99: ['jump'] });
	});

	test('at the end is found although nothing follows', () => {
		expect(kindsOf(track(20, { 19: { latitude: 43 } }))).toEqual({ 19: ['jump'] });
	});

	test('is not measured from a fix that was flagged faulty', () => {
		const flagged = track(3).map((fix, n) => ({ ...fix, latitude: latitudeAt(n) + 2, faulty: true }));
		expect(kindsOf([...flagged, ...track(20).slice(3)])).toEqual(allOf([0, 1, 2], 'jump'));
	});

	test('tells how far and how fast', () => {
		const [reason] = findSuspects(track(30, { 12: { latitude: 42.3 } }))[12] ?? [];
		expect(reason?.detail).toMatch(/^111 km away, \d{6} km\/h/);
	});
});

describe('longitude_sign', () => {
	test('is a place that fits when mirrored, alone and in a row', () => {
		expect(kindsOf(track(30, { 12: { longitude: -19.8 } }))).toEqual({ 12: ['longitude_sign'] });
		const changes = Object.fromEntries(indices(10, 25).map((n) => [n, { longitude: -19.8 }]));
		expect(kindsOf(track(60, changes))).toEqual(allOf(indices(10, 25), 'longitude_sign'));
	});
});

describe('frozen', () => {
	test('is a place repeated while the reported speed is not 0; the first fix there is none, nor is the way on', () => {
		const changes = Object.fromEntries(indices(11, 40).map((n) => [n, { latitude: latitudeAt(10) }]));
		expect(kindsOf(track(60, changes))).toEqual(allOf(indices(11, 40), 'frozen'));
	});
});

describe('time', () => {
	test('in the future is told by the arrival, beyond a minute of tolerance', () => {
		const ahead = (seconds: number) => ({ received_at: new Date(START + (12 - seconds) * 1000).toISOString() });
		expect(kindsOf(track(30, { 12: ahead(50) }))).toEqual({});
		expect(kindsOf(track(30, { 12: ahead(70) }))).toEqual({ 12: ['future'] });
	});

	test('years back is told by the arrival, and such a fix is no reference for jumps', () => {
		const old = fixAt(0, { ts: '2006-10-22T08:00:00.000Z', latitude: 10 });
		expect(kindsOf([old, ...track(20).slice(1)])).toEqual({ 0: ['years_back'] });
	});
});

describe('few_satellites', () => {
	test('are fewer than four; more are none', () => {
		expect(kindsOf(track(10, { 3: { satellites: 3 }, 4: { satellites: 4 }, 5: { satellites: 0 } }))).toEqual(
			allOf([3, 5], 'few_satellites'),
		);
	});

	test('can be a jump as well', () => {
		expect(kindsOf(track(10, { 3: { satellites: 2, latitude: 44 } }))).toEqual({ 3: ['few_satellites', 'jump'] });
	});
});

test('the work grows with the number of fixes, not with its square', () => {
	const faulty = (count: number) =>
		track(count).map((fix, n) => (n % 7 < 3 ? { ...fix, latitude: 40 + (n % 11) } : fix));

	const fastest = (fixes: Fix[]) =>
		Math.min(
			...Array.from({ length: 5 }, () => {
				// Of the processor alone: others may want it meanwhile.
				const start = process.cpuUsage();
				findSuspects(fixes);
				return process.cpuUsage(start).user;
			}),
		);

	// Eight times the fixes: 8 when linear, 64 when quadratic.
	const [few, many] = [faulty(5_000), faulty(40_000)];
	findSuspects(many);
	expect(fastest(many) / fastest(few)).toBeLessThan(24);
});
