import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRoadBook, RoadBookError, type ErrorCode, type WarningCode } from '../index.js';

/** Files that are broken, or look so, each with the answer that a person gets. */

const folder = new URL('broken/', import.meta.url);
const file = (name: string) => readFileSync(new URL(name, folder));

function answerTo(bytes: Uint8Array): unknown[] {
	try {
		const { book, warnings } = readRoadBook(bytes);
		const name = book.waypoints[0]?.name ?? `${book.track.length} points`;
		return ['read', name, ...warnings.map(({ code, line }) => [code, line])];
	} catch (error) {
		if (!(error instanceof RoadBookError)) throw error;
		for (const { message, remedy } of error.problems) expect([message, remedy]).not.toContain('');
		return ['refused', ...error.problems.map(({ code, line, box }) => [code, line, box])];
	}
}

/** File, name of the first box or length of the track, and warnings by line. */
const READ: [file: string, name: string, ...warnings: [WarningCode, line: number | null][]][] = [
	['utf-8-bom.gpx', 'Durrës'],
	['utf-16le-bom.gpx', 'Durrës'],
	['utf-16be-bom.gpx', 'Durrës'],
	['utf-16le-no-bom.gpx', 'Durrës'],
	['utf-16be-no-bom.gpx', 'Durrës'],
	['utf-16-declared-but-utf-8.gpx', 'Durrës'],
	['latin-1.gpx', 'Durrës'],
	['latin-1-declared-utf-8.gpx', 'Durrës', ['ENCODING_GUESSED', null]],
	['windows-1252.gpx', 'Durrës – “Ford”'],
	['empty-lines-before-declaration.gpx', 'Durrës'],
	['empty-trkseg.gpx', 'Durrës', ['EMPTY_TRACK', 4]],
	['track-times-out-of-order.gpx', '2 points', ['TRACK_DETAILS_LEFT_OUT', 4]],
	['several-segments.gpx', '3 points', ['TRACKS_JOINED', 5]],
	['height-is-no-number.gpx', '2 points', ['INVALID_VALUE', 4]],
];

/** File, code, line and box of each error. */
const REFUSED: [file: string, ...errors: [ErrorCode, line: number | null, box: number | null][]][] = [
	['empty.gpx', ['EMPTY_FILE', null, null]],
	['only-spaces.gpx', ['EMPTY_FILE', null, null]],
	['unknown-encoding.gpx', ['BAD_ENCODING', null, null]],
	['utf-32.gpx', ['BAD_ENCODING', null, null]],
	['utf-16-odd-byte.gpx', ['BAD_ENCODING', null, null]],
	['doctype.gpx', ['DOCTYPE', 2, null]],
	['billion-laughs.gpx', ['DOCTYPE', 13, null]],
	['external-entity.gpx', ['DOCTYPE', 2, null]],
	['unknown-entity.gpx', ['NOT_WELL_FORMED', 3, null]],
	['bare-ampersand.gpx', ['NOT_WELL_FORMED', 3, null]],
	['truncated.gpx', ['NOT_WELL_FORMED', 4, null]],
	['truncated-in-attribute.gpx', ['NOT_WELL_FORMED', 4, null]],
	['crossed-tags.gpx', ['NOT_WELL_FORMED', 3, null]],
	['undeclared-prefix.gpx', ['NOT_WELL_FORMED', 4, null]],
	['repeated-attribute.gpx', ['NOT_WELL_FORMED', 3, null]],
	['control-character.gpx', ['NOT_WELL_FORMED', 3, null]],
	['two-roots.gpx', ['NOT_WELL_FORMED', 5, null]],
	['too-deep.gpx', ['XML_LIMIT', 3, null]],
	['web-page.gpx', ['WEB_PAGE', 1, null]],
	['web-page-without-doctype.gpx', ['WEB_PAGE', 1, null]],
	['json.gpx', ['UNKNOWN_FORMAT', 1, null]],
	['other-xml.gpx', ['UNKNOWN_FORMAT', 2, null]],
	['other-namespace.gpx', ['UNKNOWN_FORMAT', 2, null]],
	['nothing-in-it.gpx', ['NOTHING_TO_READ', 2, null]],
	['unknown-units.gpx', ['UNKNOWN_UNITS', 4, null]],
	['lat-with-comma.gpx', ['BAD_COORDINATES', 3, 7]],
	['lat-undefined.gpx', ['BAD_COORDINATES', 4, 8]],
	['lat-missing.gpx', ['BAD_COORDINATES', 3, 9]],
	['lat-out-of-range.gpx', ['BAD_COORDINATES', 3, 9]],
	['lat-in-degrees-and-minutes.gpx', ['BAD_COORDINATES', 3, 9]],
	['track-with-nan.gpx', ['BAD_COORDINATES', 5, null]],
	['two-faults.gpx', ['BAD_COORDINATES', 3, 1], ['BAD_COORDINATES', 4, 2]],
	['kml-bad-coordinates.kml', ['BAD_COORDINATES', 4, null]],
	['zip-without-kml.kmz', ['BAD_ARCHIVE', null, null]],
	['kmz-cut-off.kmz', ['BAD_ARCHIVE', null, null]],
	['kmz-damaged.kmz', ['BAD_ARCHIVE', null, null]],
];

describe('broken files', () => {
	it.each(READ)('%s is read', (name, ...expected) => {
		expect(answerTo(file(name))).toEqual(['read', ...expected]);
	});

	it.each(REFUSED)('%s is refused', (name, ...errors) => {
		expect(answerTo(file(name))).toEqual(['refused', ...errors]);
	});

	it('are all in the tables', () => {
		expect(readdirSync(folder).sort()).toEqual([...READ, ...REFUSED].map(([name]) => name).sort());
	});

	it('are refused wherever they are cut off', () => {
		const whole = readFileSync(new URL('every-element.gpx', import.meta.url));
		const end = whole.lastIndexOf('</gpx>') + '</gpx>'.length;
		for (let length = end - 1; length > 0; length -= 97) {
			expect(() => readRoadBook(whole.subarray(0, length)), `cut off at ${length}`).toThrow(RoadBookError);
		}
	});
});
