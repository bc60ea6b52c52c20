import { radiiOf, type DefaultRadii } from '../kinds.js';
import type { Box } from '../road-book.js';
import type { WritableBook } from './write-gpx.js';

interface Feature {
	type: 'Feature';
	geometry: { type: 'Point'; coordinates: number[] } | { type: 'LineString'; coordinates: number[][] };
	properties: Record<string, unknown>;
}

export interface FeatureCollection {
	type: 'FeatureCollection';
	features: Feature[];
}

/** A road book as GeoJSON (RFC 7946): the track as a line, then the boxes as points with their fields and the radii that apply. */
export function writeGeoJson(book: WritableBook, defaults: DefaultRadii = {}): FeatureCollection {
	const { name, distance_km, track } = book;
	const line = { type: 'LineString' as const, coordinates: track.map((position) => [...position]) };
	const course: Feature[] =
		track.length < 2 ? [] : [{ type: 'Feature', geometry: line, properties: { feature: 'track', name, distance_km } }];

	return { type: 'FeatureCollection', features: [...course, ...book.waypoints.map((box) => pointOf(box, defaults))] };
}

function pointOf({ lat, lon, ...fields }: Box, defaults: DefaultRadii): Feature {
	const { open, clear } = radiiOf(fields, defaults);

	return {
		type: 'Feature',
		geometry: { type: 'Point', coordinates: [lon, lat] },
		properties: { feature: 'waypoint', ...fields, open_radius_m: open, validation_radius_m: clear },
	};
}
