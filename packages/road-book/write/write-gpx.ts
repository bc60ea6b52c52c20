import { parseBookExtras, parseBoxExtras, type Parsed } from '../extras-schema.js';
import { REMEDIES } from '../remedies.js';
import type { Warning } from '../problem.js';
import { GPX, OPENRALLY } from '../read/namespaces.js';
import { rounded } from '../read/values.js';
import type { Box, Kept, Position, RoadBook } from '../road-book.js';
import { addPrefixes, declarations, writeXml, type Prefixes } from '../xml/write-xml.js';
import { boxElement } from './box-element.js';
import { decimal, element } from './build.js';
import { inOrder } from './gpx-schema.js';
import { strict, type Report } from './strict.js';

/** `strict`: what the public schemas allow. `extended`: everything, in the elements that other programs write too. */
export type GpxProfile = 'strict' | 'extended';

export interface Writing {
	text: string;
	/** What the file does not have, or has only rounded. */
	left_out: Warning[];
}

/** What a book needs to be written. What an import kept may be missing, or be no more what it was: it lies in JSON fields. */
export interface WritableBook extends Pick<RoadBook, 'name' | 'distance_km' | 'track'> {
	waypoints: Box[];
	roadbook?: unknown;
}

/** A road book as GPX 1.1 with OpenRally v1.0.3, in metric units. */
export function writeGpx(book: WritableBook, profile: GpxProfile): Writing {
	const left_out: Warning[] = [];

	const reportAt =
		(box: number | null): Report =>
		(code, message) =>
			left_out.push({ code, line: null, box, message, remedy: REMEDIES[code] });

	const boxes = boxElements(book.waypoints, reportAt);
	const metadata = metadataElement(book, reportAt(null));

	const all = [metadata, ...boxes].map((one, index) => {
		const ordered = { ...one, children: inOrder(one.name, one.children as Kept[]) };
		const box = book.waypoints[index - 1]?.box ?? null;
		return profile === 'strict' ? strict(ordered, reportAt(box)) : ordered;
	});

	return { text: documentOf(all, book.track), left_out };
}

function documentOf(elements: Kept[], track: readonly Position[]): string {
	const prefixes: Prefixes = new Map([
		[GPX, ''],
		[OPENRALLY, 'openrally'],
	]);
	addPrefixes(prefixes, elements);

	const lines = [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<gpx${declarations(prefixes)} version="1.1" creator="TRM">`,
		...elements.map((one) => writeXml(one, prefixes, '\t')),
		...trackLines(track),
		'</gpx>',
		'',
	];

	return lines.join('\n');
}

/** As text at once: 50,000 points need not stand in a tree first. */
function trackLines(track: readonly Position[]): string[] {
	if (track.length === 0) return [];

	const points = track.map(([lon, lat, ele]) => {
		const at = `\t\t\t<trkpt lat="${decimal(lat)}" lon="${longitude(lon)}"`;
		return ele === undefined ? `${at}/>` : `${at}><ele>${decimal(ele)}</ele></trkpt>`;
	});

	return ['\t<trk>', '\t\t<trkseg>', ...points, '\t\t</trkseg>', '\t</trk>'];
}

/** GPX has the 180th meridian in the west only. */
const longitude = (lon: number): string => decimal(lon === 180 ? -180 : lon);

function metadataElement(book: WritableBook, report: Report): Kept {
	const extras = extrasOf(parseBookExtras(book.roadbook), report);
	const distance = book.distance_km;

	return element(GPX, 'metadata', [
		...(book.name === null ? [] : [element(GPX, 'name', book.name)]),
		...(extras.metadata ?? []),
		element(GPX, 'extensions', [
			element(OPENRALLY, 'units', 'metric'),
			...(distance === null ? [] : [element(OPENRALLY, 'distance', decimal(distance))]),
			...(extras.elements ?? []),
		]),
	]);
}

function boxElements(boxes: Box[], reportAt: (box: number) => Report): Kept[] {
	let previous = 0;
	/** What the odometer does not show any more, after the resets up to here. */
	let offset = 0;
	let last = 0;

	return boxes.map((box) => {
		const extras = extrasOf(parseBoxExtras(box.roadbook), reportAt(box.box));
		const distance = box.distance_km === null ? null : rounded(box.distance_km - offset);
		const result = boxElement({ ...box, lon: box.lon === 180 ? -180 : box.lon }, extras, distance, previous);

		last = box.distance_km ?? last;
		if (extras.reset?.since) offset = last - extras.reset.km;
		previous = box.box;
		return result;
	});
}

function extrasOf<Extras>(parsed: Parsed<Extras>, report: Report): Partial<Extras> {
	if ('extras' in parsed) return parsed.extras;
	report('LEFT_OUT', `What the import kept cannot be read: ${parsed.problem}.`);
	return {};
}
