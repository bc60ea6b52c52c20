/**
 * Metres on WGS 84, by a plane tangent at the middle latitude. The radii of curvature of meridian and prime vertical: Snyder,
 * Map Projections: A Working Manual (USGS Professional Paper 1395), equations 4-18 and 4-20. Against Vincenty's formula the
 * error is under 1 in 100,000 up to 50 km below 75° of latitude; a sphere errs by up to 5 in 1,000.
 */

const SEMI_MAJOR_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;

export interface Point {
	lat: number;
	lon: number;
}

/** Metres per degree of latitude (north) and of longitude (east) at a latitude. */
export function metresPerDegree(lat: number): { north: number; east: number } {
	const sine = Math.sin(lat * RADIANS);
	const w = 1 - ECCENTRICITY_SQUARED * sine * sine;
	const primeVertical = SEMI_MAJOR_M / Math.sqrt(w);
	return {
		north: ((primeVertical * (1 - ECCENTRICITY_SQUARED)) / w) * RADIANS,
		east: primeVertical * Math.cos(lat * RADIANS) * RADIANS,
	};
}

export function distance_m(a: Point, b: Point): number {
	const { north, east } = metresPerDegree((a.lat + b.lat) / 2);
	return Math.hypot((b.lat - a.lat) * north, shortWay(b.lon - a.lon) * east);
}

/** A difference of longitudes the short way round the globe. */
export function shortWay(degrees: number): number {
	if (degrees > 180) return degrees - 360;
	return degrees < -180 ? degrees + 360 : degrees;
}

/** Null Island: a point without coordinates. */
export const isAtZero = ({ lat, lon }: Point): boolean => lat === 0 && lon === 0;
