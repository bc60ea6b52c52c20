import { refuse, type Findings } from '../problem.js';
import type { BookExtras, Position, RoadBook, Waypoint } from '../road-book.js';
import { elementsOf, keep, textOf, type XmlElement } from '../xml/element.js';
import { readDistances } from './distances.js';
import { asGpx, asOpenRally, isGpx, isPublished, openRallyVersion } from './namespaces.js';
import { readBox } from './read-box.js';
import { decimalOf, METRIC, rounded, STATUTE, type Units } from './values.js';
import type { TrackReader } from './track-reader.js';

/** Children of the root that are read, or that make no sense without what is around them. */
const CONTENT = ['metadata', 'wpt', 'rte', 'trk', 'extensions', 'name'];
/** Boxes between two pauses. */
const BATCH = 100;

/** Reads a GPX document of any version, with or without OpenRally. The points of its tracks are in `track` already. */
export function* readGpx(root: XmlElement, track: TrackReader, findings: Findings): Generator<void, RoadBook> {
	const children = elementsOf(root).filter(({ ns }) => isGpx(ns));
	const all = (name: string) => children.filter((child) => child.name === name);
	const metadata = all('metadata').flatMap(elementsOf);
	const extensions = [...metadata, ...children].filter(({ name }) => name === 'extensions').flatMap(elementsOf);

	const units = readUnits(extensions, findings);
	const routes = all('rte').flatMap(elementsOf);
	const routePoints = routes.filter(({ name }) => name === 'rtept');
	const points = all('wpt').length > 0 ? all('wpt') : routePoints;
	const boxes: Waypoint[] = [];

	for (const [index, point] of points.entries()) {
		boxes.push(readBox(point, units, boxes.at(-1)?.box ?? 0, findings));
		if (index % BATCH === BATCH - 1) yield;
	}

	const version = versionOf(root, findings);
	const line = lineOf(routePoints, points, track, findings);
	const names = [...metadata, ...all('name'), ...all('trk').flatMap(elementsOf), ...routes];

	return {
		name:
			names
				.filter(({ name }) => name === 'name')
				.map(textOf)
				.find((text) => text !== '') ?? null,
		format: version === null ? 'gpx' : 'openrally',
		version: version ?? root.attributes.version ?? null,
		units: units.name,
		distance_km: distanceOf(extensions, units),
		waypoints: readDistances(boxes, findings),
		track: line,
		roadbook: extrasOf(root, metadata, extensions),
	};
}

/** The track, otherwise the line of a route. A route beside both is left out. */
function lineOf(route: XmlElement[], boxes: XmlElement[], track: TrackReader, findings: Findings): Position[] {
	if (track.points.length > 0 || route.length === 0) {
		if (route.length > 0 && boxes !== route) {
			findings.warn('ROUTE_LEFT_OUT', 'The file also has a route; its points are not read.', route[0]?.line);
		}

		return track.points;
	}

	for (const point of route) track.add(point);
	return track.points;
}

function readUnits(extensions: XmlElement[], findings: Findings): Units {
	const element = extensions.find(({ ns, name }) => openRallyVersion(ns) !== null && name === 'units');
	const text = element ? textOf(element).toLowerCase() : 'metric';
	if (text === 'metric' || text === '') return METRIC;
	// The schemas spell it without the second t; their comment and some programs with it.
	if (text !== 'statue' && text !== 'statute') refuse('UNKNOWN_UNITS', `The units are “${text}”.`, element?.line);
	findings.warn('UNITS_CONVERTED', 'Miles, miles an hour and yards were converted to metric units.', element?.line);
	return STATUTE;
}

function distanceOf(extensions: XmlElement[], units: Units): number | null {
	const element = extensions.find(({ ns, name }) => openRallyVersion(ns) !== null && name === 'distance');
	const value = element ? decimalOf(textOf(element)) : null;
	return value === null || value < 0 ? null : rounded(value * units.distance);
}

/** The version of OpenRally that elements of the file have; null where there are none. */
function versionOf(root: XmlElement, findings: Findings): string | null {
	const found = new Map<string, number>();

	const look = (element: XmlElement): void => {
		const version = openRallyVersion(element.ns);
		if (version !== null && !found.has(version)) found.set(version, element.line);
		for (const child of elementsOf(element)) look(child);
	};

	look(root);

	for (const [version, line] of found) {
		if (isPublished(version)) continue;
		findings.warn('VERSION', `OpenRally ${version} is not a published version; it was read like v1.0.3.`, line);
	}

	return [...found.keys()].sort().at(-1) ?? null;
}

function extrasOf(root: XmlElement, metadata: XmlElement[], extensions: XmlElement[]): BookExtras {
	// GPX 1.0 has no <metadata>: what belongs there stands directly in the root.
	const direct = elementsOf(root).filter(({ ns, name }) => isGpx(ns) && !CONTENT.includes(name));
	const inMetadata = metadata.filter(({ name }) => name !== 'name' && name !== 'extensions');
	const foreign = elementsOf(root).filter(({ ns }) => !isGpx(ns));

	const elements = [...extensions, ...foreign]
		.filter(({ ns, name }) => openRallyVersion(ns) === null || (name !== 'units' && name !== 'distance'))
		.map((element) => keep(element, asOpenRally));

	return {
		...(inMetadata.length + direct.length > 0
			? { metadata: [...inMetadata, ...direct].map((element) => keep(element, asGpx)) }
			: {}),
		...(elements.length > 0 ? { elements } : {}),
	};
}
