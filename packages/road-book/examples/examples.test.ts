import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALL_KINDS, KINDS, readRoadBook, type Reading, type WarningCode } from '../index.js';

const read = (name: string) => readFileSync(new URL(name, import.meta.url));
const codes = ({ warnings }: Reading): WarningCode[] => [...new Set(warnings.map(({ code }) => code))];

describe('examples', () => {
	it.each([
		['every-element.gpx', 'openrally', 'v1.0.3', 17, 3, ['DEFAULT_RADIUS', 'DISTANCES_SINCE_RESET']],
		[
			'every-element-extended.gpx',
			'openrally',
			'v1.0.3',
			8,
			0,
			[
				'RADII_DIFFER',
				'FOREIGN_ELEMENT',
				'UNKNOWN_ELEMENT',
				'DEFAULT_RADIUS',
				'DUPLICATE_ELEMENT',
				'INVALID_VALUE',
				'DISTANCES_SINCE_RESET',
			],
		],
		[
			'gpx-1.0.gpx',
			'openrally',
			'v0.3-DRAFT',
			3,
			2,
			['DEFAULT_RADIUS', 'VERSION', 'UNKNOWN_ELEMENT', 'TRACK_DETAILS_LEFT_OUT'],
		],
		['no-namespace.gpx', 'gpx', '1.1', 3, 3, ['KIND_FROM_SYMBOL', 'DEFAULT_RADIUS']],
		['points-and-line.kml', 'kml', '2.2', 2, 4, ['TRACKS_JOINED']],
		['points-and-line.kmz', 'kml', '2.2', 2, 4, ['TRACKS_JOINED']],
		[
			'rally-navigator.gpx',
			'openrally',
			'v1.0.3',
			9,
			0,
			['KIND_FROM_SYMBOL', 'DEFAULT_RADIUS', 'DECIMAL_COMMA', 'DURATION_FROM_TEXT', 'MINUTES_OR_SECONDS'],
		],
		['tulip.gpx', 'openrally', 'v1.0.3', 6, 0, ['DZ_WITHOUT_FZ', 'DISTANCES_SINCE_RESET']],
		['statute.gpx', 'openrally', 'v1.0.3', 4, 0, ['UNITS_CONVERTED', 'DEFAULT_RADIUS']],
		['special-of-40-boxes.gpx', 'openrally', 'v1.0.3', 40, 401, ['RADII_OVERLAP']],
	])('%s is read', (name, format, version, boxes, track, warnings) => {
		const reading = readRoadBook(read(name));
		const { book } = reading;
		expect([book.format, book.version, book.waypoints.length, book.track.length]).toEqual([
			format,
			version,
			boxes,
			track,
		]);
		expect(codes(reading)).toEqual(warnings);
	});

	it('have every kind', () => {
		const { book } = readRoadBook(read('every-element.gpx'));
		expect([...new Set(book.waypoints.flatMap(({ kinds }) => kinds))].sort()).toEqual([...ALL_KINDS].sort());
	});

	it('list what is odd about a file whose points are all at 0/0, of which one has eight kinds', () => {
		const reading = readRoadBook(read('several-kinds-at-zero.gpx'));
		const [, , third] = reading.book.waypoints;
		expect(third?.kinds).toEqual(['WPC', 'WPM', 'WPS', 'DSS', 'CP', 'ASS', 'TC', 'STOP']);
		expect(third).toMatchObject({ name: 'ABC', open_radius_m: 800, validation_radius_m: 200 });
		expect(codes(reading)).toEqual(
			expect.arrayContaining([
				'POINT_AT_ZERO',
				'DISTANCE_FALLS',
				'KINDS_CONTRADICT',
				'DZ_WITHOUT_FZ',
				'DZ_WITHOUT_LIMIT',
				'RADII_DIFFER',
			]),
		);
	});

	it('in KML and KMZ are the same', () => {
		const { book } = readRoadBook(read('points-and-line.kml'));
		expect(readRoadBook(read('points-and-line.kmz')).book).toEqual(book);
		expect(book.name).toBe('Stage 1, drawn in a map');
		expect(book.waypoints).toMatchObject([
			{ box: 1, name: 'Start', notes: 'At the harbour', lat: 41.3, lon: 19.8, kinds: [] },
			{ box: 12, name: null, roadbook: { elements: [{ name: 'ExtendedData' }] } },
		]);
		expect(book.track).toEqual([
			[19.8, 41.3],
			[19.8, 41.31, 120],
			[19.8, 41.32, 250.5],
			[19.8, 41.33, 300],
		]);
	});

	it('in statute units are converted by the international mile and yard', () => {
		const { book } = readRoadBook(read('statute.gpx'));
		expect(book).toMatchObject({ units: 'statute', distance_km: 160.9344 });
		expect(book.waypoints).toMatchObject([
			{ open_radius_m: 914.4, validation_radius_m: 182.88, distance_km: 0 },
			{ validation_radius_m: 91.44, distance_km: 12.07008, limit_kmh: 40.2336 },
			{ distance_km: 24.14016 },
			{ distance_km: 36.21024 },
		]);
		const misspelt = read('statute.gpx').toString().replace('>statute<', '>statue<');
		expect(readRoadBook(Buffer.from(misspelt)).book).toEqual(book);
	});

	it('of Tulip have distances from the start, although it counts them from the last reset', () => {
		const { book } = readRoadBook(read('tulip.gpx'));
		expect(book.waypoints.map(({ distance_km }) => distance_km)).toEqual([
			0, 2.345987123, 4.767085888, 7.158287123, 9.445987123, 11.729987123,
		]);
	});

	it('of Rally Navigator have kinds from symbols, and durations from attributes and descriptions', () => {
		const { book } = readRoadBook(read('rally-navigator.gpx'));
		const boxes = book.waypoints.map(({ kinds, duration_s, distance_km }) => [kinds.join(), duration_s, distance_km]);
		expect(boxes).toEqual([
			['DSS', null, 0],
			['WPM', null, 2.45],
			['DT', 600, 4.9],
			['FT', null, 7.3],
			['DN', 900, 9.7],
			['FN', null, 12.1],
			['DT', 10, 14.5],
			['FT', null, 16.9],
			['ASS', null, 19.3],
		]);
	});
});

describe('namespaces', () => {
	const source = read('every-element.gpx').toString();
	const PUBLIC = 'http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.3';
	const expected = readRoadBook(Buffer.from(source)).book.waypoints;

	it.each([
		['http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.0', 'v1.0.0', []],
		['http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.2', 'v1.0.2', []],
		['https://openrally.org/xmlschemas/GpxExtensions/v1.0.3/', 'v1.0.3', []],
		['http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.1', 'v1.0.1', ['VERSION']],
		['http://www.openrally.org/xmlschemas/GpxExtensions/v0.1', 'v0.1', ['VERSION']],
		['http://www.openrally.org/xmlschemas/GpxExtensions/v0.2-DRAFT', 'v0.2-DRAFT', ['VERSION']],
		['http://www.openrally.org/xmlschemas/GpxExtensions/v0.3-DRAFT', 'v0.3-DRAFT', ['VERSION']],
		[
			'http://www.openrally.org/xmlschemas/GpxExtensions/v1.0-Cross-Country-DRAFT',
			'v1.0-Cross-Country-DRAFT',
			['VERSION'],
		],
		['http://www.openrally.org/xmlschemas/OpenRally/1.0', 'OpenRally/1.0', ['VERSION']],
		['http://www.openrally.org/xmlschemas/GpxExtensions/v9.9.9', 'v9.9.9', ['VERSION']],
	])('%s is read as %s', (ns, version, warnings) => {
		const reading = readRoadBook(Buffer.from(source.replaceAll(PUBLIC, ns)));
		expect(reading.book.version).toBe(version);
		expect(reading.book.waypoints).toEqual(expected);
		expect(codes(reading).filter((code) => code === 'VERSION')).toEqual(warnings);
	});

	it('count, and prefixes do not', () => {
		const renamed = source.replaceAll('openrally:', 'x:').replace('xmlns:x:', 'xmlns:x=');
		const swapped = renamed.replace('xmlns:openrally=', 'xmlns:x=');
		expect(readRoadBook(Buffer.from(swapped)).book.waypoints).toEqual(expected);

		const other = readRoadBook(Buffer.from(source.replaceAll(PUBLIC, 'https://example.org/other')));
		expect(other.book.format).toBe('gpx');
		expect(other.book.waypoints.every(({ kinds }) => kinds.length === 0)).toBe(true);
		expect(codes(other)).toEqual(['FOREIGN_ELEMENT']);
	});

	it.each(['http://www.topografix.com/GPX/1/0', 'http://www.topografix.com/GPX/1/1', ''])(
		'of GPX may be “%s”',
		(ns) => {
			const text = source.replace('xmlns="http://www.topografix.com/GPX/1/1"', ns === '' ? '' : `xmlns="${ns}"`);
			expect(readRoadBook(Buffer.from(text)).book.waypoints).toEqual(expected);
		},
	);
});

it('kinds have the default radii of the rules', () => {
	const table = ALL_KINDS.map((kind) => `${kind} ${KINDS[kind].open ?? '–'}/${KINDS[kind].clear ?? '–'}`).join(' · ');
	expect(table).toBe(
		'WPV –/200 · WPE 1000/90 · WPM 800/90 · WPS 1000/30 · WPN 800/200 · WPC –/300 · WPP 100/20 · DSS 1000/200 · ' +
			'ASS 800/90 · DZ 1000/90 · FZ 1000/90 · CP 1000/90 · DN 1000/90 · FN 1000/90 · DT 1000/90 · FT 1000/90 · ' +
			'TC –/– · STOP –/– · FUEL –/–',
	);
});
