import { readRoadBook } from '../../packages/road-book/index.js';

/** A place on the route: degrees (WGS 84), metres, and the heading to go on with in degrees from north. */
export interface Place {
	latitude: number;
	longitude: number;
	altitude: number;
	heading: number;
}

/** A route by distance: everything the generator asks of it. */
export interface Route {
	/** Metres from start to finish. */
	length: number;
	/** Metres between two samples of `curvature`. */
	step: number;
	/** How sharply the way bends at each sample, 1/m. */
	curvature: Float64Array;
	at(distance: number): Place;
}

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;
/** Fine enough that a fix at 125 km/h (35 m) meets a new sample, coarse enough that 250 km are 25,000. */
const STEP_M = 10;

interface TrackPoint {
	lat: number;
	lon: number;
	ele: number;
}

/** Metres per degree of latitude and of longitude there. */
export function metresPerDegree(latitude: number): { north: number; east: number } {
	const north = EARTH_RADIUS_M * RADIANS;
	return { north, east: north * Math.cos(latitude * RADIANS) };
}

/**
 * Reads the one track of a GPX document.
 * @throws Error where it has no such track
 */
export function routeOf(document: string): Route {
	const { book, warnings } = readRoadBook(Buffer.from(document));
	if (warnings.some(({ code }) => code === 'TRACKS_JOINED')) throw new Error('it has more than one track');
	if (book.track.length < 4) throw new Error('a track needs at least four points');

	const points = book.track.map(([lon, lat, ele], index) => {
		if (ele === undefined) throw new Error(`point ${index + 1} has no elevation`);
		return { lat, lon, ele };
	});

	return sampled(smooth(points));
}

/** Catmull–Rom through the track points: a way bends, it has no corners. */
function smooth(points: TrackPoint[]): TrackPoint[] {
	const PARTS = 12;
	const point = (index: number): TrackPoint => points[Math.min(Math.max(index, 0), points.length - 1)] as TrackPoint;
	const curve: TrackPoint[] = [];

	for (let index = 0; index < points.length - 1; index++) {
		for (let part = 0; part < PARTS; part++) {
			const t = part / PARTS;
			const weigh = (field: keyof TrackPoint): number => {
				const [a, b, c, d] = [-1, 0, 1, 2].map((offset) => point(index + offset)[field]) as [
					number,
					number,
					number,
					number,
				];
				return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
			};

			curve.push({ lat: weigh('lat'), lon: weigh('lon'), ele: weigh('ele') });
		}
	}

	return [...curve, point(points.length - 1)];
}

function sampled(curve: TrackPoint[]): Route {
	const distances = new Float64Array(curve.length);

	for (let index = 1; index < curve.length; index++) {
		const [from, to] = [curve[index - 1] as TrackPoint, curve[index] as TrackPoint];
		const scale = metresPerDegree(from.lat);
		const step = Math.hypot((to.lat - from.lat) * scale.north, (to.lon - from.lon) * scale.east);
		distances[index] = (distances[index - 1] as number) + step;
	}

	const length = distances.at(-1) as number;
	const samples: TrackPoint[] = [];

	for (let distance = 0, index = 1; distance <= length; distance += STEP_M) {
		while (index < curve.length - 1 && (distances[index] as number) < distance) index++;
		const [from, to] = [curve[index - 1] as TrackPoint, curve[index] as TrackPoint];
		const [before, after] = [distances[index - 1] as number, distances[index] as number];
		samples.push(between(from, to, after === before ? 0 : (distance - before) / (after - before)));
	}

	const headings = samples.map((sample, index) => {
		const [from, to] = index + 1 < samples.length ? [sample, samples[index + 1]] : [samples[index - 1], sample];
		return headingOf(from as TrackPoint, to as TrackPoint);
	});

	const curvature = Float64Array.from(headings, (heading, index) => {
		const turn = ((((headings[index + 1] ?? heading) - heading + 540) % 360) - 180) * RADIANS;
		return Math.abs(turn) / STEP_M;
	});

	return { length, step: STEP_M, curvature, at: (distance) => placeAt(samples, headings, distance) };
}

function placeAt(samples: TrackPoint[], headings: number[], distance: number): Place {
	const position = Math.min(Math.max(distance / STEP_M, 0), samples.length - 1);
	const index = Math.min(Math.floor(position), samples.length - 2);
	const { lat, lon, ele } = between(samples[index] as TrackPoint, samples[index + 1] as TrackPoint, position - index);

	return { latitude: lat, longitude: lon, altitude: ele, heading: headings[index] as number };
}

function between(from: TrackPoint, to: TrackPoint, share: number): TrackPoint {
	return {
		lat: from.lat + (to.lat - from.lat) * share,
		lon: from.lon + (to.lon - from.lon) * share,
		ele: from.ele + (to.ele - from.ele) * share,
	};
}

function headingOf(from: TrackPoint, to: TrackPoint): number {
	const scale = metresPerDegree(from.lat);
	const angle = Math.atan2((to.lon - from.lon) * scale.east, (to.lat - from.lat) * scale.north) / RADIANS;
	return (angle + 360) % 360;
}
