import { checkBook } from '../check/check-book.js';
import { decode } from '../decode/decode.js';
import type { DefaultRadii } from '../kinds.js';
import { Findings, refuse, type Warning } from '../problem.js';
import type { RoadBook } from '../road-book.js';
import type { XmlElement } from '../xml/element.js';
import { parseXml } from '../xml/parse-xml.js';
import { isGpx, isKml } from './namespaces.js';
import { readGpx } from './read-gpx.js';
import { readKml } from './read-kml.js';
import { TrackReader } from './track-reader.js';

/** Four times a long stage. Matching two lists takes the product of their lengths in time and memory. */
export const MAX_BOXES = 2000;

export interface ReadOptions {
	/** The event's own default radii, for the checks. */
	defaults?: DefaultRadii;
}

export interface Reading {
	book: RoadBook;
	/** In the order of the file; those that concern no line come last. */
	warnings: Warning[];
}

/**
 * Reads a GPX, KML or KMZ file.
 * @throws RoadBookError where it cannot be read: it is then refused as a whole
 */
export function readRoadBook(file: Uint8Array, options: ReadOptions = {}): Reading {
	const steps = readInSteps(file, options);
	let step = steps.next();
	while (!step.done) step = steps.next();
	return step.value;
}

/** The same in steps of a few milliseconds, for a server that lets others work between them. */
export function* readInSteps(file: Uint8Array, options: ReadOptions = {}): Generator<void, Reading> {
	const findings = new Findings();
	const text = decode(file, findings);
	yield;

	const start = text.trimStart().slice(0, 20);
	if (start === '') refuse('EMPTY_FILE', 'The file has no text.');
	if (!start.startsWith('<')) refuse('UNKNOWN_FORMAT', `The file is no XML: it begins with “${printable(start)}”.`, 1);

	const track = new TrackReader(findings);
	const root = yield* parseXml(text, (element) => track.take(element));
	const book = yield* readRoot(root, track, findings);
	findings.throwErrors();

	const count = book.waypoints.length;
	if (count > MAX_BOXES) refuse('TOO_MANY_BOXES', `The file has ${count} waypoints; the limit is ${MAX_BOXES}.`);

	if (book.waypoints.length === 0 && book.track.length === 0) {
		refuse('NOTHING_TO_READ', 'The file has no waypoints, no route and no track.', root.line);
	}

	yield* checkBook(book, findings, options.defaults);
	const last = Number.MAX_SAFE_INTEGER;
	return { book, warnings: findings.warnings.toSorted((a, b) => (a.line ?? last) - (b.line ?? last)) };
}

function readRoot(root: XmlElement, track: TrackReader, findings: Findings): Generator<void, RoadBook> {
	if (root.name === 'gpx' && isGpx(root.ns)) return readGpx(root, track, findings);
	if (root.name === 'kml' && isKml(root.ns)) return readKml(root, findings);
	if (/^html$/i.test(root.name)) refuse('WEB_PAGE', 'The file is a web page (HTML).', root.line);

	const ns = root.ns === '' ? '' : ` of ${root.ns}`;
	return refuse('UNKNOWN_FORMAT', `The file is neither GPX nor KML: its root is <${root.name}>${ns}.`, root.line);
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '·');
