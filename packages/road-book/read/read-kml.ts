import type { Findings } from '../problem.js';
import type { BoxExtras, Position, RoadBook, Waypoint } from '../road-book.js';
import { elementsOf, keep, textOf, type XmlElement } from '../xml/element.js';
import { isKml } from './namespaces.js';
import { degreesOf } from './values.js';

/** Children of <Placemark> that have a field, or are its geometry. */
const FIELDS = [
	'name',
	'description',
	'Point',
	'LineString',
	'LinearRing',
	'Polygon',
	'MultiGeometry',
	'Track',
	'MultiTrack',
];

/** Positions between two pauses. */
const BATCH = 5000;

/** Reads points and lines of a KML document, in the order of the file. Areas are not read. */
export function* readKml(root: XmlElement, findings: Findings): Generator<void, RoadBook> {
	const waypoints: Waypoint[] = [];
	const track: Position[] = [];
	let lines = 0;

	for (const placemark of descendants(root, 'Placemark')) {
		for (const point of descendants(placemark, 'Point')) {
			const [place] = yield* positionsOf(point, tuplesOf(point), findings);
			if (place) waypoints.push(boxOf(placemark, place, waypoints.length + 1));
		}

		for (const line of [...descendants(placemark, 'LineString'), ...descendants(placemark, 'Track')]) {
			const tuples = line.name === 'Track' ? coordsOf(line) : tuplesOf(line);
			const positions = yield* positionsOf(line, tuples, findings);
			if (positions.length === 0) findings.warnOnce('EMPTY_TRACK', 'A line has no points.', line.line);
			else if (++lines > 1) findings.warnOnce('TRACKS_JOINED', 'Several lines were joined to one.', line.line);
			for (const position of positions) track.push(position);
		}
	}

	const [document] = elementsOf(root);
	return {
		name: (document && childText(document, 'name')) || null,
		format: 'kml',
		version: /\/kml\/(.+)$/.exec(root.ns)?.[1] ?? null,
		units: 'metric',
		distance_km: null,
		waypoints,
		track,
		roadbook: {},
	};
}

function boxOf(placemark: XmlElement, [lon, lat]: Position, box: number): Waypoint {
	const written = childText(placemark, 'name');
	const numbered = /^\d{1,6}$/.test(written);
	const elements = elementsOf(placemark)
		.filter(({ name }) => !FIELDS.includes(name))
		.map((element) => keep(element));
	const roadbook: BoxExtras | null = elements.length > 0 ? { elements } : null;

	return {
		box: numbered ? Number(written) : box,
		kinds: [],
		name: numbered || written === '' ? null : written,
		lat,
		lon,
		open_radius_m: null,
		validation_radius_m: null,
		distance_km: null,
		cap: null,
		danger: null,
		limit_kmh: null,
		duration_s: null,
		allowed_s: null,
		notes: childText(placemark, 'description') || null,
		roadbook,
		line: placemark.line,
	};
}

function childText(element: XmlElement, name: string): string {
	const child = elementsOf(element).find((one) => one.name === name);
	return child ? textOf(child) : '';
}

/** Elements of a name at any depth, Google's extensions (`gx:Track`) too. */
function descendants(element: XmlElement, name: string): XmlElement[] {
	return elementsOf(element).flatMap((child) =>
		child.name === name && (isKml(child.ns) || child.ns.startsWith('http://www.google.com/kml/ext/'))
			? [child]
			: descendants(child, name),
	);
}

/** `lon,lat[,ele]` tuples, separated by space. */
function* tuplesOf(geometry: XmlElement): Generator<string[]> {
	for (const [tuple] of childText(geometry, 'coordinates').matchAll(/\S+/g)) yield tuple.split(',');
}

/** `<gx:coord>lon lat ele</gx:coord>`, one per position. */
function* coordsOf(geometry: XmlElement): Generator<string[]> {
	for (const coord of elementsOf(geometry)) {
		if (coord.name === 'coord') yield textOf(coord).split(/\s+/);
	}
}

function* positionsOf(at: XmlElement, tuples: Iterable<string[]>, findings: Findings): Generator<void, Position[]> {
	const positions: Position[] = [];

	for (const tuple of tuples) {
		positions.push(positionOf(tuple, at, findings));
		if (positions.length % BATCH === 0) yield;
	}

	return positions;
}

function positionOf([x, y, z]: string[], at: XmlElement, findings: Findings): Position {
	const lon = degreesOf(x, 180);
	const lat = degreesOf(y, 90);
	if (lon === null || lat === null) {
		findings.error('BAD_COORDINATES', `<${at.name}> has the coordinates “${[x, y].join(',').slice(0, 40)}”.`, at.line);
	}

	// KML writes a height of 0 for a point on the ground.
	const ele = z === undefined ? null : Number(z);
	return ele === null || ele === 0 || !Number.isFinite(ele) ? [lon ?? 0, lat ?? 0] : [lon ?? 0, lat ?? 0, ele];
}
