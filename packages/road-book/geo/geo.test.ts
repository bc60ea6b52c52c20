import { describe, expect, it } from 'vitest';
import type { Position } from '../road-book.js';
import { distance_m } from './distance.js';
import { simplify } from './simplify.js';
import { TrackIndex } from './track-index.js';

const at = (lat: number, lon: number) => ({ lat, lon });

describe('distance_m', () => {
	it.each([
		// Vincenty's own example in the manual of the Geocentric Datum of Australia: Flinders Peak to Buninyong.
		[at(-37.95103341666667, 144.42486789), at(-37.652821139, 143.926495528), 54_972.271],
		// A degree of meridian and of equator.
		[at(0, 0), at(1, 0), 110_574.389],
		[at(0, 0), at(0, 1), 111_319.491],
		[at(0, 179.5), at(0, -179.5), 111_319.491],
	])('from %o to %o is %f m, within 1 in 100,000', (a, b, metres) => {
		expect(Math.abs(distance_m(a, b) / metres - 1)).toBeLessThan(1e-5);
	});

	it('differs from a sphere by more than a waypoint is wide', () => {
		const sphere = 6_371_008.8 * (Math.PI / 180) * 0.9;
		expect(Math.abs(distance_m(at(0, 20), at(0.9, 20)) - sphere)).toBeGreaterThan(200);
	});
});

/** A way with bends, 10 m a point. */
const winding = (points: number): Position[] =>
	Array.from({ length: points }, (_, index) => [19.8 + index * 1e-4, 41.3 + 0.01 * Math.sin(index / 40)]);

/** Distance to a line by looking at each segment. */
function plainly(track: Position[], { lat, lon }: { lat: number; lon: number }): number {
	const segments = track.slice(1).map((b, index) => new TrackIndex([track[index] as Position, b]));
	return Math.min(...segments.map((segment) => segment.distance_m({ lat, lon })));
}

describe('TrackIndex', () => {
	const track = winding(2_000);

	it.each([at(41.3, 19.8), at(41.35, 19.9), at(41.29, 19.85), at(40, 18), at(41.305, 20.1)])(
		'finds the nearest place of a long track to %o',
		(point) => {
			expect(new TrackIndex(track).distance_m(point)).toBeCloseTo(plainly(track, point), 6);
		},
	);

	it('finds it wherever the point is, also over the 180th meridian', () => {
		for (const east of [19.8, 179.95]) {
			const turned = track.map(([lon, lat]): Position => [((lon - 19.8 + east + 180) % 360) - 180, lat]);
			const index = new TrackIndex(turned);

			for (let number = 0; number < 60; number++) {
				const lon = ((east + (number % 10) / 40 + 180) % 360) - 180;
				const point = at(41.28 + Math.floor(number / 10) / 120, lon);
				expect(index.distance_m(point)).toBeCloseTo(plainly(turned, point), 6);
			}
		}
	});

	it('measures to a segment, not to its ends', () => {
		const straight = new TrackIndex([
			[19.8, 41.3],
			[19.8, 41.4],
		]);
		expect(straight.distance_m(at(41.35, 19.801))).toBeCloseTo(distance_m(at(41.35, 19.8), at(41.35, 19.801)), 3);
	});

	it('knows a track of one point, of none, and over the 180th meridian', () => {
		expect(new TrackIndex([[19.8, 41.3]]).distance_m(at(41.3, 19.8))).toBe(0);
		expect(new TrackIndex([]).distance_m(at(41.3, 19.8))).toBe(Infinity);
		const pacific = new TrackIndex([
			[179.9, -17],
			[-179.9, -17],
		]);
		expect(pacific.distance_m(at(-17, 179.99))).toBeLessThan(1);

		const long = Array.from({ length: 150 }, (_, index): Position => [((359 + index / 100) % 360) - 180, 10]);
		expect(new TrackIndex(long).distance_m(at(10, 179.7))).toBeLessThan(1);
	});
});

describe('simplify', () => {
	const track = winding(5_000);

	it.each([1, 10, 50])('leaves no point more than %d m away, with far fewer points', (tolerance) => {
		const short = simplify(track, tolerance);
		const index = new TrackIndex(short);
		const worst = Math.max(...track.map(([lon, lat]) => index.distance_m({ lat, lon })));
		expect(worst).toBeLessThanOrEqual(tolerance * 1.001);
		expect(short.length).toBeLessThan(track.length / 4);
		expect([short[0], short.at(-1)]).toEqual([track[0], track.at(-1)]);
	});

	it('keeps the height of what it keeps, and short tracks as they are', () => {
		const short: Position[] = [
			[19.8, 41.3, 5],
			[19.9, 41.3, 6],
		];
		expect(simplify(short, 10)).toEqual(short);
		expect(simplify([], 10)).toEqual([]);
	});

	it('takes no longer for a zigzag, in which each span keeps its first point', () => {
		const zigzag: Position[] = Array.from({ length: 50_000 }, (_, index) => [19.8, 41.3 + (index % 2) * index * 1e-7]);
		const started = performance.now();
		simplify(zigzag, 0.001);
		expect(performance.now() - started).toBeLessThan(2_000);
	});
});
