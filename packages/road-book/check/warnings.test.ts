import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { readRoadBook, REMEDIES, type WarningCode } from '../index.js';

/** Each warning that a file can get: by what, and not by what is next to it. */

const ROOT =
	'<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:o="http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.3">';

/** Boxes a kilometre apart on a way to the north, one a line from line 2 on, each with what its string has. */
function book(...boxes: string[]): string {
	const points = boxes.map((extensions, index) => {
		const lat = (41.3 + index * 0.009).toFixed(4);
		const distance = extensions.includes('<o:distance') ? '' : `<o:distance>${index}</o:distance>`;
		return `<wpt lat="${lat}" lon="19.8"><name>${index + 1}</name><extensions>${distance}${extensions}</extensions></wpt>`;
	});
	return `${ROOT}\n${points.join('\n')}\n</gpx>`;
}

const warningsOf = (text: string) =>
	readRoadBook(Buffer.from(text)).warnings.map(({ code, line, box }) => [code, line, box]);

const R = 'open="800" clear="90"';
const [DSS, ASS, FZ] = [`<o:dss ${R}/>`, `<o:ass ${R}/>`, `<o:fz ${R}/>`];
const [DN, FN] = [`<o:neutralization ${R}>900</o:neutralization>`, `<o:fn ${R}/>`];
const [DT, FT] = [`<o:dt time="900" ${R}/>`, `<o:ft ${R}/>`];
const DZ = `<o:dz ${R}>40</o:dz>`;
const at = (km: number, more = '') => `<o:distance>${km}</o:distance>${more}`;

/** Code, its line and box, and the file. A file has no other warning. */
const FOUND: [code: WarningCode, line: number | null, box: number | null, text: string][] = [
	['UNKNOWN_ELEMENT', 2, null, book('<o:village/>', '<o:village/>')],
	['FOREIGN_ELEMENT', 2, null, book('<x xmlns="urn:x"/>', '<y xmlns="urn:x"/>')],
	['INVALID_VALUE', 2, 1, book('<o:cap>361</o:cap>')],
	['INVALID_VALUE', 2, 1, book('<o:danger>4</o:danger>')],
	['INVALID_VALUE', 2, 1, book('<o:danger>1.5</o:danger>')],
	['INVALID_VALUE', 2, 1, book('<o:speed>201</o:speed>')],
	['INVALID_VALUE', 2, 1, book('<o:speed mph="125"/>')],
	['INVALID_VALUE', 2, 1, book('<o:distance>1.234,5</o:distance>')],
	['DECIMAL_COMMA', 2, null, book(at(0).replace('0', '0,0'), '<o:distance>1,5</o:distance>')],
	['DUPLICATE_ELEMENT', 2, 1, book('<o:cap>1</o:cap><o:cap>2</o:cap>')],
	['MINUTES_OR_SECONDS', 2, 1, book(DN.replace('900', '15'), FN)],
	['MINUTES_OR_SECONDS', 2, 1, book(DT.replace('900', '60'), FT)],
	['MINUTES_OR_SECONDS', 2, 1, book('<o:timecontrol allowed="2400"/>')],
	['DEFAULT_RADIUS', 2, 1, book('<o:wpm/>')],
	['DEFAULT_RADIUS', 2, 1, book('<o:wpm clear="90"/>')],
	['DEFAULT_RADIUS', 2, 1, book('<o:wpc/>')],
	['RADII_DIFFER', 2, 1, book(`${DN}<o:dz open="800" clear="50">40</o:dz>`, `${FN}${FZ}`)],
	['LIMITS_DIFFER', 2, 1, book(`<o:speed>30</o:speed>${DZ}`, FZ)],
	['KINDS_CONTRADICT', 2, 1, book(`<o:wpm ${R}/><o:wps ${R}/>`)],
	['DZ_WITHOUT_FZ', 2, 1, book(DZ)],
	['DZ_WITHOUT_FZ', 2, 1, book(DZ, DZ, FZ)],
	['FZ_WITHOUT_DZ', 4, 3, book(DZ, FZ, FZ)],
	['DZ_WITHOUT_LIMIT', 2, 1, book(DZ.replace('40', 'slow'), FZ)],
	['DN_WITHOUT_FN', 2, 1, book(DN)],
	['FN_WITHOUT_DN', 2, 1, book(FN)],
	['DT_WITHOUT_FT', 3, 2, book('', DT, '')],
	['FT_WITHOUT_DT', 2, 1, book(FT)],
	['TWO_DSS', 3, 2, book(DSS, DSS, ASS)],
	['TWO_ASS', 4, 3, book(DSS, ASS, ASS)],
	['DSS_WITHOUT_ASS', 2, 1, book(DSS)],
	['DISTANCES_SINCE_RESET', null, null, book(at(0), at(1.2, '<o:reset/>'), at(1))],
	['DISTANCE_FALLS', 4, 3, book(at(0), at(5), at(3))],
	['DISTANCES_SINCE_RESET', null, null, book(at(0), at(1.2, '<o:reset/>'), at(1.1))],
	['DISTANCE_FALLS', 4, 3, book(at(0), at(5), at(3, '<o:reset/>'), at(4))],
	['POINT_AT_ZERO', 2, 1, book('', '').replace('lat="41.3000" lon="19.8"', 'lat="0" lon="0"')],
	['RADII_OVERLAP', 3, 2, book('<o:wpc clear="600"/>', '<o:wpc clear="500"/>')],
	['STRAIGHT_LINE_TOO_LONG', 3, 2, book(at(0), at(0.8))],
	['STRAIGHT_LINE_TOO_LONG', 4, 3, book(at(0), '', at(1.8)).replace('<o:distance>1</o:distance>', '')],
	['FAR_FROM_TRACK', 3, 2, book('', '').replace('</gpx>', track(41.3, 41.3064))],
	['DUPLICATE_BOX', 3, 1, book('', '').replace('<name>2<', '<name>1<')],
	['DUPLICATE_BOX', 3, 2, book('', at(0)).replace('41.3090', '41.3000')],
	[
		'ROUTE_LEFT_OUT',
		3,
		null,
		book('').replace('</gpx>', `<rte><rtept lat="41.3" lon="19.8"/></rte>${track(41.3, 41.4)}`),
	],
];

function track(from: number, to: number): string {
	return `<trk><trkseg><trkpt lat="${from}" lon="19.8"/><trkpt lat="${to}" lon="19.8"/></trkseg></trk></gpx>`;
}

/** Files that are right, however near they are to one of the others. */
const RIGHT: [title: string, text: string][] = [
	['two specials in one stage', book(DSS, ASS, DSS, ASS)],
	['a box that ends one zone and begins the next', book(DZ, `${FZ}${DZ}`, FZ)],
	['an FZ beside FN and FT without a zone, as Tulip writes it', book(DN, `${FN}${FZ}`, DT, `${FT}${FZ}`)],
	['a neutralisation in a speed zone, with one radius', book(`${DN}${DZ}`, `${FN}${FZ}`)],
	['a limit that both elements have', book(`<o:speed>40</o:speed>${DZ}`, FZ)],
	['a limit that only <speed> has', book(`<o:speed>40</o:speed>${DZ.replace('40', 'slow')}`, FZ)],
	[
		'two minutes of neutralisation, ten hours to the next control',
		book(`${DN.replace('900', '120')}<o:timecontrol allowed="600"/>`, FN),
	],
	['a way that is shorter by the tolerance', book(at(0), at(0.9005))],
	['a box 199 m from the end of the track', book('', '').replace('</gpx>', track(41.3, 41.30721))],
	['resets of an odometer whose distances go on', book(at(0), at(1.2, '<o:reset/>'), at(2.4))],
	['circles that touch', book('<o:wpc clear="500"/>', '<o:wpc clear="499"/>')],
	[
		'two circles round one point',
		book('<o:wpc clear="90"/>', at(0, '<o:wpv clear="90"/>')).replace('41.3090', '41.3000'),
	],
	[
		'a route with a track and without waypoints',
		`${ROOT}<rte><rtept lat="41.3" lon="19.8"/></rte>${track(41.3, 41.4)}`,
	],
	['kinds without a radius', book('<o:timecontrol/>', '<o:stop/>', '<o:fuel/>')],
];

describe('warnings', () => {
	it.each(FOUND)('%s at line %s, box %s', (code, line, box, text) => {
		expect(warningsOf(text)).toEqual([[code, line, box]]);
	});

	it.each(RIGHT)('there are none for %s', (_, text) => {
		expect(warningsOf(text)).toEqual([]);
	});

	it('DISTANCE_ESTIMATED at the box whose distance is written as after its own reset', () => {
		expect(warningsOf(book(at(0), at(1.2), at(0, '<o:reset/>'), at(1.1)))).toEqual([
			['DISTANCE_ESTIMATED', 4, 3],
			['DISTANCES_SINCE_RESET', null, null],
		]);
	});

	it('use the radii of the event where the file has none', () => {
		const text = Buffer.from(book('<o:wpm/>', '<o:wpm/>'));
		const { warnings } = readRoadBook(text, { defaults: { WPM: { open: 900, clear: 600 } } });
		expect(warnings.map(({ code }) => code)).toEqual(['DEFAULT_RADIUS', 'DEFAULT_RADIUS', 'RADII_OVERLAP']);
		expect(warnings[0]?.message).toBe('WPM: default opening 900 m and validation 600 m.');
	});

	it('have a remedy each, and are all tried here or with the examples', () => {
		const elsewhere: WarningCode[] = [
			'DISTANCE_ESTIMATED',
			'ENCODING_GUESSED',
			'VERSION',
			'UNITS_CONVERTED',
			'KIND_FROM_SYMBOL',
			'DURATION_FROM_TEXT',
			'EMPTY_TRACK',
			'TRACKS_JOINED',
			'TRACK_DETAILS_LEFT_OUT',
			'LEFT_OUT',
			'ROUNDED',
		];
		const tried = [...FOUND.map(([code]) => code), ...elsewhere];
		expect([...new Set(tried)].sort()).toEqual(Object.keys(REMEDIES).sort());
	});
});
