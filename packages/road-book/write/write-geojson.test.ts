import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRoadBook, writeGeoJson, writeGpx } from '../index.js';

const read = (name: string) => readRoadBook(readFileSync(new URL(`../examples/${name}`, import.meta.url))).book;

it('writes the track as a line and each box as a point, with the radii that apply', () => {
	const { type, features } = writeGeoJson(read('every-element.gpx'), { DN: { open: 500, clear: 50 } });
	expect(type).toBe('FeatureCollection');
	expect(features).toHaveLength(18);
	expect(features[0]).toEqual({
		type: 'Feature',
		geometry: {
			type: 'LineString',
			coordinates: [
				[19.8, 41.3, 120.5],
				[19.8, 41.4, 310],
				[19.8, 41.5, 95],
			],
		},
		properties: { feature: 'track', name: 'Every element', distance_km: 24.5 },
	});
	expect(features[12]).toMatchObject({
		geometry: { type: 'Point', coordinates: [19.8, 41.42] },
		properties: { feature: 'waypoint', box: 12, kinds: ['DN', 'FUEL'], open_radius_m: 500, validation_radius_m: 50 },
	});
});

it('writes no line for a track of less than two points', () => {
	expect(writeGeoJson(read('tulip.gpx')).features.map(({ geometry }) => geometry.type)).not.toContain('LineString');
});

it('GPX is written without what is no longer what an import kept, and says so', () => {
	const { waypoints, ...book } = read('tulip.gpx');
	const [first] = waypoints.map((box) => ({ ...box, roadbook: { elements: [{ name: 'a b><script' }] } as never }));
	const { text, left_out } = writeGpx({ ...book, waypoints: first ? [first] : [], roadbook: 'no object' }, 'extended');
	expect(text).not.toContain('script');
	expect(left_out.map(({ code, box, message }) => [code, box, message])).toEqual([
		['LEFT_OUT', 1, 'What the import kept cannot be read: elements.0.name: is no name of XML.'],
		['LEFT_OUT', null, expect.stringContaining('What the import kept cannot be read')],
	]);
});

it('GPX has no character that XML cannot hold', () => {
	const book = read('tulip.gpx');
	const waypoints = book.waypoints.map((box) => ({ ...box, name: 'a\u0001b\ud800', notes: '<&>"\r\n\t' }));
	const again = readRoadBook(Buffer.from(writeGpx({ ...book, waypoints }, 'extended').text)).book;
	expect(again.waypoints[0]).toMatchObject({ name: 'a\ufffdb\ufffd' });
});
