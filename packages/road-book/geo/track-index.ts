import type { Position } from '../road-book.js';
import { metresPerDegree, shortWay, type Point } from './distance.js';

/** Segments per box: fewer make more boxes to look at, more make more segments in each. */
const PER_BOX = 64;

interface Box {
	first: number;
	/** exclusive */
	end: number;
	south: number;
	north: number;
	west: number;
	east: number;
}

/** A track that can be asked how far away points are: only segments of boxes nearer than the best one are computed. */
export class TrackIndex {
	private readonly track: readonly Position[];
	private readonly boxes: Box[] = [];

	constructor(track: readonly Position[]) {
		this.track = track;
		const segments = Math.max(track.length - 1, Math.min(track.length, 1));

		for (let first = 0; first < segments; first += PER_BOX) {
			this.boxes.push(boxOf(track, first, Math.min(first + PER_BOX, segments)));
		}
	}

	/** Metres to the nearest place of the track; Infinity where there is none. */
	distance_m(point: Point): number {
		const { north, east } = metresPerDegree(point.lat);
		const bounds = this.boxes.map((box) => atLeast(box, point, north, east));
		// The box that may be nearest first: after it few others can have anything nearer.
		let nearest = this.inBox(bounds.indexOf(Math.min(...bounds)), point, north, east, Infinity);

		for (let index = 0; index < bounds.length; index++) {
			if ((bounds[index] as number) < nearest) nearest = this.inBox(index, point, north, east, nearest);
		}

		return nearest;
	}

	private inBox(index: number, point: Point, north: number, east: number, nearest: number): number {
		const box = this.boxes[index];
		if (box === undefined) return nearest;
		let found = nearest;
		for (let at = box.first; at < box.end; at++) found = Math.min(found, this.toSegment(at, point, north, east));
		return found;
	}

	/** In the plane tangent at the point: what counts is exact nearby, and a gross check needs no more far away. */
	private toSegment(index: number, point: Point, north: number, east: number): number {
		const a = this.track[index] as Position;
		const b = this.track[index + 1] ?? a;
		const ax = shortWay(a[0] - point.lon) * east;
		const ay = (a[1] - point.lat) * north;
		const dx = shortWay(b[0] - a[0]) * east;
		const dy = (b[1] - a[1]) * north;
		return fromOrigin(ax, ay, dx, dy);
	}
}

/** A lower bound of the metres from a point to whatever is in the box. */
function atLeast(box: Box, point: Point, north: number, east: number): number {
	const dy = Math.max(box.south - point.lat, point.lat - box.north, 0) * north;
	// A box that seems to reach half round the globe crosses the 180th meridian.
	if (box.east - box.west > 180) return dy;
	const dx = Math.max(shortWay(box.west - point.lon), shortWay(point.lon - box.east), 0) * east;
	return Math.hypot(dx, dy);
}

/** Distance of the origin from the segment that begins at (ax, ay) and goes on by (dx, dy). */
export function fromOrigin(ax: number, ay: number, dx: number, dy: number): number {
	const squared = dx * dx + dy * dy;
	const part = squared === 0 ? 0 : Math.min(Math.max(-(ax * dx + ay * dy) / squared, 0), 1);
	return Math.hypot(ax + part * dx, ay + part * dy);
}

function boxOf(track: readonly Position[], first: number, end: number): Box {
	const box = { first, end, south: 90, north: -90, west: 180, east: -180 };

	for (const [lon, lat] of track.slice(first, end + 1)) {
		box.south = Math.min(box.south, lat);
		box.north = Math.max(box.north, lat);
		box.west = Math.min(box.west, lon);
		box.east = Math.max(box.east, lon);
	}

	return box;
}
