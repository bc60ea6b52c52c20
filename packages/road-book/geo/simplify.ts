import type { Position } from '../road-book.js';
import { metresPerDegree, shortWay } from './distance.js';
import { fromOrigin } from './track-index.js';

/** Points after which one is kept in any case. It bounds the time: the algorithm alone is quadratic on a spiral. */
const BLOCK = 1000;

/**
 * A line with fewer points that stays within the tolerance of the given one: Douglas and Peucker, "Algorithms for the reduction
 * of the number of points required to represent a digitized line", Cartographica 10 (1973). First and last point stay.
 * @param tolerance metres
 */
export function simplify(track: readonly Position[], tolerance: number): Position[] {
	if (track.length < 3) return [...track];
	const keeps = new Uint8Array(track.length);
	const spans: [first: number, last: number][] = [];

	for (let first = 0; first < track.length - 1; first += BLOCK) {
		const last = Math.min(first + BLOCK, track.length - 1);
		spans.push([first, last]);
		keeps[first] = keeps[last] = 1;
	}

	for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
		const [first, last] = span;
		const { index, distance } = farthest(track, first, last);
		if (distance <= tolerance) continue;
		keeps[index] = 1;
		spans.push([first, index], [index, last]);
	}

	return track.filter((_, index) => keeps[index] === 1);
}

/** The point between two others that is farthest from the segment between them, in the plane at the first one. */
function farthest(track: readonly Position[], first: number, last: number): { index: number; distance: number } {
	const [lon, lat] = track[first] as Position;
	const end = track[last] as Position;
	const { north, east } = metresPerDegree((lat + end[1]) / 2);
	const dx = shortWay(end[0] - lon) * east;
	const dy = (end[1] - lat) * north;
	let found = { index: first, distance: 0 };

	for (let index = first + 1; index < last; index++) {
		const point = track[index] as Position;
		const distance = fromOrigin(-shortWay(point[0] - lon) * east, -(point[1] - lat) * north, dx, dy);
		if (distance > found.distance) found = { index, distance };
	}

	return found;
}
