import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { readRoadBook, type Waypoint } from '../index.js';

const ROOT =
	'<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:o="http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.3">';

const boxes = (...points: string[]): Waypoint[] =>
	readRoadBook(
		Buffer.from(`${ROOT}${points.map((inside) => `<wpt lat="41.3" lon="19.8">${inside}</wpt>`).join('')}</gpx>`),
	).book.waypoints;

const box = (elements: string, gpx = ''): Waypoint =>
	boxes(`${gpx}<extensions>${elements}</extensions>`)[0] as Waypoint;

describe('a box', () => {
	it.each([
		[
			'<o:wpm name="W1" open="800" clear="90"/>',
			{ kinds: ['WPM'], name: 'W1', open_radius_m: 800, validation_radius_m: 90 },
		],
		['<o:constructor/><o:__proto__/>', { danger: null, kinds: [] }],
		['<o:wpm open="0" clear="0.0"/>', { open_radius_m: null, validation_radius_m: null, roadbook: null }],
		['<o:neutralization>900</o:neutralization>', { kinds: ['DN'], duration_s: 900 }],
		['<o:neutralization time="900"/>', { duration_s: 900 }],
		['<o:dt time="600"/>', { kinds: ['DT'], duration_s: 600 }],
		['<o:dt>600</o:dt>', { duration_s: null, roadbook: { kinds: [{ kind: 'DT', text: '600' }] } }],
		['<o:stop>30</o:stop>', { kinds: ['STOP'], duration_s: 30 }],
		['<o:stop/>', { kinds: ['STOP'], duration_s: null }],
		['<o:timecontrol allowed="45"/>', { kinds: ['TC'], allowed_s: 2700 }],
		['<o:dz>40</o:dz>', { kinds: ['DZ'], limit_kmh: 40, roadbook: null }],
		['<o:dz>hello</o:dz>', { limit_kmh: null, roadbook: { kinds: [{ kind: 'DZ', text: 'hello' }] } }],
		['<o:dz/><o:speed>50</o:speed>', { limit_kmh: 50 }],
		['<o:speed kph="65"/>', { limit_kmh: 65 }],
		['<o:distance>12,5</o:distance>', { distance_km: 12.5 }],
		['<o:cap>360</o:cap><o:danger>3</o:danger>', { cap: 360, danger: 3 }],
		['<o:onedanger/>', { danger: 1 }],
		['<o:medical/><o:media/>', { kinds: [], roadbook: { markers: ['medical', 'media'] } }],
		['<o:reset/>', { roadbook: { reset: { km: 0 } } }],
		[
			'<o:dz clear="90"/><o:neutralization clear="60">9</o:neutralization>',
			{ kinds: ['DZ', 'DN'], validation_radius_m: 90 },
		],
		['<o:neutralization>900</o:neutralization><o:stop>30</o:stop>', { duration_s: 900 }],
		['<o:neutralization/><o:stop>30</o:stop>', { duration_s: 30 }],
	])('with %s', (elements, expected) => {
		expect(box(elements)).toMatchObject(expected);
	});

	it.each([
		['N=15 min', 900],
		['petrol T=600', 600],
		['T = 10:30 in the village', 630],
		['N=2 h', 7200],
		["T=5'", 300],
		['TN=600', null],
		['T=6oo', null],
	])('has the duration of “%s” from its description', (text, seconds) => {
		expect(box('<o:dt/>', `<desc>${text}</desc>`).duration_s).toBe(seconds);
		expect(box('<o:wpm/>', `<desc>${text}</desc>`).duration_s).toBeNull();
	});

	it.each([
		['WPM', ['WPM']],
		['wpm 12', ['WPM']],
		['DN/DZ', ['DN', 'DZ']],
		['WPS-3', ['WPS']],
		['Flag, Blue', []],
		['Fuel station', []],
		['Stop sign', []],
		['—', []],
		['12', []],
	])('has the kinds of the symbol “%s”, unless it has elements of its own', (symbol, kinds) => {
		expect(box('', `<sym>${symbol}</sym>`).kinds).toEqual(kinds);
		expect(box('', `<type>${symbol}</type>`).kinds).toEqual(kinds);
		expect(box('<o:fuel/>', `<sym>${symbol}</sym>`).kinds).toEqual(['FUEL']);
	});

	it('has its number from the name where that is one, otherwise after the box before', () => {
		const [a, b, c, d] = boxes('<name>12</name>', '<name>Ford</name>', '', '<name>007</name>');
		expect([a?.box, b?.box, c?.box, d?.box]).toEqual([12, 13, 14, 7]);
		expect([a?.name, b?.name, c?.name, d?.name]).toEqual([null, 'Ford', null, null]);
		expect(d?.roadbook).toEqual({ number: '007' });
	});

	it('keeps what it does not know, with namespaces, attributes and mixed text', () => {
		const { roadbook } = box(
			'<x:a xmlns:x="urn:x" x:b="1" c="2">one <x:d/> two</x:a><o:tulip id="t"><![CDATA[<svg/>]]></o:tulip>',
		);
		expect(roadbook?.elements).toEqual([
			{
				ns: 'urn:x',
				name: 'a',
				attributes: { '{urn:x}b': '1', c: '2' },
				children: ['one ', { ns: 'urn:x', name: 'd' }, ' two'],
			},
			{ ns: expect.stringContaining('openrally'), name: 'tulip', attributes: { id: 't' }, children: ['<svg/>'] },
		]);
	});

	it('keeps a value that it cannot read', () => {
		const { cap, roadbook } = box('<o:cap>north</o:cap><o:wpm clear="wide"/>');
		expect(cap).toBeNull();
		expect(roadbook?.elements).toMatchObject([{ name: 'cap', children: ['north'] }]);
		expect(roadbook?.kinds).toEqual([{ kind: 'WPM', attributes: { clear: 'wide' } }]);
	});
});

it('lines are those of the file, also below empty ones and within a tag', () => {
	const text = `\n\n<?xml version="1.0"?>\n${ROOT}\n<wpt\n\tlat="41.3"\n\tlon="19.8"/>\n<wpt lat="41.4" lon="19.8"/></gpx>`;
	expect(readRoadBook(Buffer.from(text)).book.waypoints.map(({ line }) => line)).toEqual([5, 8]);
});

describe('distances', () => {
	/** Boxes 1.1 km apart. */
	const distances = (...elements: string[]) => {
		const points = elements.map(
			(inside, index) => `<wpt lat="${41.3 + index / 100}" lon="19.8"><extensions>${inside}</extensions></wpt>`,
		);
		return readRoadBook(Buffer.from(`${ROOT}${points.join('')}</gpx>`)).book.waypoints.map((one) => one.distance_km);
	};
	const at = (km: number, reset = '') => `<o:distance>${km}</o:distance>${reset}`;

	it('go on over resets where they are counted from the start', () => {
		expect(distances(at(0), at(1.2, '<o:reset/>'), at(2.4), at(3.6))).toEqual([0, 1.2, 2.4, 3.6]);
	});

	it('are added up where they are counted from the last reset, which may set another value than 0', () => {
		expect(distances(at(0), at(1.2, '<o:reset/>'), at(1.3), at(2.5))).toEqual([0, 1.2, 2.5, 3.7]);
		expect(distances(at(0), at(3, '<o:reset>2</o:reset>'), at(2.5), at(4))).toEqual([0, 3, 3.5, 5]);
		expect(distances(at(0, '<o:reset/>'), at(1.2, '<o:reset/>'), at(1.2, '<o:reset/>'), at(1.2))).toEqual([
			0, 1.2, 2.4, 3.6,
		]);
	});

	it('are seen to be so where the book would be shorter than the straight line', () => {
		expect(distances(at(1.2, '<o:reset/>'), at(1.3))).toEqual([1.2, 2.5]);
	});

	it('are left as they are where they fall without a reset, and null where the file has none', () => {
		expect(distances(at(0), at(5), at(3))).toEqual([0, 5, 3]);
		expect(distances(at(0), '', at(3))).toEqual([0, null, 3]);
		expect(distances(at(0), '<o:reset/>', at(0))).toEqual([0, null, 0]);
	});
});
