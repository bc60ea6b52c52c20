import type { Feature, FeatureCollection, LineString, Point, Position } from 'geojson';
import { haversineM } from '../fixes/suspects/suspect-jumps.js';
import { stateOf } from './fix-states.js';
import type { TrackFix } from './types.js';

type FixFeature = Feature<Point, { index: number; state: string }>;

/** Seconds without a fix after which the track is drawn as interrupted. */
const GAP_S = 120;

/** The fix as a place on the map; null for one without usable coordinates. */
export function placeOf({ latitude, longitude }: TrackFix): [number, number] | null {
	if (latitude === null || longitude === null) return null;
	// The projection of the map ends short of the poles.
	return Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 ? [longitude, latitude] : null;
}

/** The track through the fixes that nothing speaks against, with a gap where the tracker was silent. */
export function trackLines(fixes: readonly TrackFix[]): FeatureCollection<LineString> {
	const lines: Position[][] = [];
	let before = -Infinity;

	for (const fix of fixes) {
		const place = stateOf(fix) === 'normal' ? placeOf(fix) : null;
		if (place === null) continue;
		const time = Date.parse(fix.ts);
		if (time - before > GAP_S * 1000) lines.push([]);
		lines.at(-1)?.push(place);
		before = time;
	}

	return {
		type: 'FeatureCollection',
		features: lines
			.filter((line) => line.length > 1)
			.map((coordinates) => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } })),
	};
}

/** Points for some of the fixes, each with its index and state. */
export function fixPoints(
	fixes: readonly TrackFix[],
	indices: Iterable<number>,
): FeatureCollection<Point, { index: number; state: string }> {
	const features: FixFeature[] = [];

	for (const index of indices) {
		const fix = fixes[index];
		const coordinates = fix && placeOf(fix);
		if (!coordinates) continue;
		features.push({
			type: 'Feature',
			properties: { index, state: stateOf(fix) },
			geometry: { type: 'Point', coordinates },
		});
	}

	return { type: 'FeatureCollection', features };
}

export type Bounds = [[number, number], [number, number]];

/** South-west and north-east corner of the fixes that nothing speaks against; of all of them where there are none such. */
export function trackBounds(fixes: readonly TrackFix[]): Bounds | null {
	return boundsOf(fixes.filter((fix) => stateOf(fix) === 'normal')) ?? boundsOf(fixes);
}

function boundsOf(fixes: readonly TrackFix[]): Bounds | null {
	let bounds: Bounds | null = null;

	for (const fix of fixes) {
		const place = placeOf(fix);
		if (!place) continue;
		const [x, y] = place;
		bounds ??= [
			[x, y],
			[x, y],
		];
		const [southWest, northEast] = bounds;
		southWest[0] = Math.min(southWest[0], x);
		southWest[1] = Math.min(southWest[1], y);
		northEast[0] = Math.max(northEast[0], x);
		northEast[1] = Math.max(northEast[1], y);
	}

	return bounds;
}

/** How far a place lies from the middle of what is shown: `4,630 km`, `840 m`. */
export function distanceText(a: [number, number], b: [number, number]): string {
	const metres = haversineM({ latitude: a[1], longitude: a[0] }, { latitude: b[1], longitude: b[0] });
	const [value, unit] = metres < 1000 ? [metres, 'm'] : [metres / 1000, 'km'];
	return `${new Intl.NumberFormat('en', { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`;
}

/** Lines of latitude and longitude around what is shown, some eight across: the plain ground then tells size and place. */
export function graticule([[west, south], [east, north]]: Bounds): FeatureCollection<LineString> {
	const span = Math.max(east - west, north - south, 0.0001) * 2;
	const step =
		[0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find(
			(size) => span / size <= 16,
		) ?? 30;
	const middle: Position = [(west + east) / 2, (south + north) / 2];
	const features: Feature<LineString>[] = [];

	for (const axis of [0, 1] as const) {
		const start = Math.floor(((middle[axis] ?? 0) - span) / step) * step;

		for (let at = start; at < (middle[axis] ?? 0) + span; at += step) {
			const across = axis === 0 ? (middle[1] ?? 0) : (middle[0] ?? 0);
			const ends = [across - span, across + span];
			const coordinates = ends.map((end) => (axis === 0 ? [at, clampLatitude(end)] : [end, clampLatitude(at)]));
			features.push({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } });
		}
	}

	return { type: 'FeatureCollection', features };
}

function clampLatitude(latitude: number): number {
	return Math.min(Math.max(latitude, -85), 85);
}
