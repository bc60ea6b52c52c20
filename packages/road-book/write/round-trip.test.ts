import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, madeUpBook } from '../examples/books.js';
import { readRoadBook, writeGpx, type RoadBook, type Waypoint } from '../index.js';
import { kindOfElement } from '../kinds.js';
import { GPX, isGpx, openRallyVersion } from '../read/namespaces.js';
import { elementsOf, textOf, type XmlElement } from '../xml/element.js';
import { parseXml } from '../xml/parse-xml.js';

const read = (name: string) => readFileSync(new URL(`../examples/${name}`, import.meta.url));
const extended = (book: RoadBook) => Buffer.from(writeGpx(book, 'extended').text);

/** A book without what belongs to one file only. */
const content = ({ name, distance_km, waypoints, track, roadbook }: RoadBook) => ({
	name,
	distance_km,
	waypoints: waypoints.map((box) => ({ ...box, line: null })),
	track,
	roadbook,
});

describe('export, then import', () => {
	it.each(EXAMPLES)('changes nothing in the book of %s', (name) => {
		const { book } = readRoadBook(read(name));
		const again = readRoadBook(extended(book)).book;
		expect(content(again)).toEqual(content(book));
	});

	it.each(EXAMPLES)('leaves out nothing that is reported, of %s', (name) => {
		expect(writeGpx(readRoadBook(read(name)).book, 'extended').left_out).toEqual([]);
	});

	it('changes nothing in books as a person may enter them', () => {
		for (let seed = 1; seed <= 300; seed++) {
			const book = madeUpBook(seed);
			const again = readRoadBook(extended(book)).book;
			expect(content(again), `seed ${seed}`).toEqual(content(book));
		}
	});
});

describe('export, then import, of what is rare', () => {
	const [first, ...others] = madeUpBook(3).waypoints.map((box, index) => ({
		...box,
		box: index + 1,
		name: null,
		kinds: [],
		open_radius_m: null,
		validation_radius_m: null,
		duration_s: null,
		allowed_s: null,
		distance_km: index * 1.5,
	}));

	it.each<[string, Partial<Waypoint>]>([
		[
			'a symbol that names a kind, of a box that has none',
			{ roadbook: { gpx: [{ ns: GPX, name: 'sym', children: ['Flag'] }] } },
		],
		['a reset after which distances go on', { distance_km: 0.7, roadbook: { reset: { km: 0 } } }],
		[
			'a reset after which they are counted anew, although it does not show',
			{ roadbook: { reset: { km: 0, since: true } } },
		],
		[
			'elements without a namespace, and of GPX in them',
			{
				roadbook: {
					elements: [{ name: 'a', children: [{ name: 'b' }, { ns: GPX, name: 'c', children: [{ name: 'd' }] }] }],
				},
			},
		],
		['line ends of Windows', { notes: 'Keep right\r\nat the well' }],
		['coordinates near 0', { lat: 0.0000001, lon: -0.0000002 }],
	])('changes nothing: %s', (_, fields) => {
		const book = { ...madeUpBook(3), waypoints: [{ ...(first as Waypoint), ...fields }, ...others] };
		expect(content(readRoadBook(extended(book)).book)).toEqual(content(book));
	});

	it('a symbol does not bring back the kind that a person removed', () => {
		const sym = { ns: GPX, name: 'sym', children: ['WPM'] };
		const book = { ...madeUpBook(3), waypoints: [{ ...(first as Waypoint), roadbook: { gpx: [sym] } }] };
		expect(readRoadBook(extended(book)).book.waypoints[0]).toMatchObject({ kinds: [], roadbook: null });
	});

	it('the 180th meridian is in the west, as GPX has it', () => {
		const book = {
			...madeUpBook(3),
			waypoints: [{ ...(first as Waypoint), lon: 180 }],
			track: [[180, 1] as [number, number]],
		};
		const again = readRoadBook(extended(book)).book;
		expect(extended({ ...book, track: [[0.0000001, 1]] }).toString()).toContain('lon="0.0000001"');
		expect([again.waypoints[0]?.lon, again.track]).toEqual([-180, [[-180, 1]]]);
	});
});

function parsed(text: string): XmlElement {
	const steps = parseXml(text, () => false);
	let step = steps.next();
	while (!step.done) step = steps.next();
	return step.value;
}

/** What a file says of its boxes, one fact a line, whatever the prefixes, versions and places of the elements. */
function factsOf(text: string): string[] {
	const root = parsed(text);
	const facts: string[] = [];
	const number = (value: string) =>
		/^\d+([.,]\d+)?$/.test(value) ? String(Math.round(Number(value.replace(',', '.')) * 1e9)) : value;

	const look = (element: XmlElement, at: string): void => {
		const ours = isGpx(element.ns) || openRallyVersion(element.ns) !== null;
		const name = openRallyVersion(element.ns) === null ? element.name : (kindOfElement(element.name) ?? element.name);
		const path = element.name === 'extensions' ? at : `${at}/${ours ? name : `{${element.ns}}${name}`}`;
		if (textOf(element) !== '') facts.push(`${path} = ${number(textOf(element))}`);
		else if (element.children.length === 0 && name !== 'desc') facts.push(path);
		for (const [key, value] of Object.entries(element.attributes)) facts.push(`${path}@${key} = ${number(value)}`);
		for (const child of elementsOf(element)) look(child, path);
	};

	for (const [index, box] of elementsOf(root)
		.filter(({ name }) => name === 'wpt')
		.entries())
		look(box, `${index}`);
	return facts;
}

describe('import, then export', () => {
	it.each([
		['every-element.gpx', []],
		['every-element-extended.gpx', []],
		['special-of-40-boxes.gpx', []],
		['rally-navigator.gpx', []],
		['tulip.gpx', []],
		['several-kinds-at-zero.gpx', []],
		// Their own names for it: what it says is there under the public name.
		['gpx-1.0.gpx', ['1/wpt/twodanger']],
	])('loses nothing of the boxes of %s', (name, renamed) => {
		const source = read(name);
		const text = source.toString(name === 'gpx-1.0.gpx' ? 'latin1' : 'utf8');
		const facts = factsOf(extended(readRoadBook(source).book).toString());
		const lost = factsOf(text).filter(
			(fact) => !facts.includes(fact) && !facts.some((one) => one.startsWith(`${fact} = `)),
		);
		expect(lost).toEqual(renamed);
	});
});
