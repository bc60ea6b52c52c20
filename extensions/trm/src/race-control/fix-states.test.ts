import { expect, test } from 'vitest';
import { countStates, listIndices, nextSuspect, withFlag } from './fix-states.js';
import { fixPoints, trackBounds, trackLines } from './map-data.js';
import type { TrackFix } from './types.js';

const JUMP = [{ kind: 'jump' as const, detail: '' }];

function fix(second: number, change: Partial<TrackFix> = {}): TrackFix {
	const ts = `2026-06-07T08:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000000Z`;
	const place = { latitude: 41 + second / 1000, longitude: 19, altitude: null, angle: null };
	const rest = { speed: null, satellites: null, priority: null, received_at: ts, faulty: false, suspect: [] };
	return { ts, ...place, ...rest, ...change };
}

/** 0 good, 1 suspect, 2 good, 3 suspect and flagged, 4 suspect, 5 good after a silence */
const track = [
	fix(0),
	fix(1, { suspect: JUMP, latitude: 0 }),
	fix(2),
	fix(3, { suspect: JUMP, faulty: true, latitude: 60 }),
	fix(4, { suspect: JUMP, latitude: null }),
	fix(600),
];

test('a flagged fix is no longer among the suspects', () => {
	expect(countStates(track)).toEqual({ all: 6, suspect: 2, faulty: 1 });
	expect(listIndices(track, 'suspect')).toEqual([1, 4]);
	expect(listIndices(track, 'faulty')).toEqual([3]);
	expect(listIndices(track, 'all')).toHaveLength(6);
});

test('the next suspect is found in both directions and around the end', () => {
	expect(nextSuspect(track, null, 1)).toBe(1);
	expect(nextSuspect(track, 1, 1)).toBe(4);
	expect(nextSuspect(track, 4, 1)).toBe(1);
	expect(nextSuspect(track, 1, -1)).toBe(4);
	expect(nextSuspect(track, null, -1)).toBe(4);
	expect(nextSuspect([fix(0)], null, 1)).toBeNull();
	expect(nextSuspect([], null, 1)).toBeNull();
});

test('a flag is set where the server had the fix, and the fixes before stay as they were', () => {
	const flagged = withFlag(track, [0, 2], true, new Set([track[2]?.ts ?? '']));
	expect(flagged.map(({ faulty }) => faulty)).toEqual([true, false, false, true, false, false]);
	expect(track[0]?.faulty).toBe(false);
});

test('the line of the map leaves out suspects and the flagged, and is interrupted where the tracker was silent', () => {
	const [line, ...others] = trackLines([...track, fix(601)]).features.map(({ geometry }) => geometry.coordinates);
	expect(line).toEqual([
		[19, 41],
		[19, 41.002],
	]);
	expect(others).toHaveLength(1);
});

test('the map is fitted to the fixes that nothing speaks against, or to all where there are none', () => {
	expect(trackBounds(track)).toEqual([
		[19, 41],
		[19, 41.6],
	]);
	expect(trackBounds(track.slice(3, 4))).toEqual([
		[19, 60],
		[19, 60],
	]);
	expect(trackBounds([])).toBeNull();
});

test('a fix without coordinates is no point on the map', () => {
	expect(fixPoints(track, [0, 4]).features.map(({ properties }) => properties)).toEqual([
		{ index: 0, state: 'normal' },
	]);
});
