import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, madeUpBook } from '../examples/books.js';
import { readRoadBook, writeGpx, type Waypoint } from '../index.js';

const read = (name: string) => readRoadBook(readFileSync(new URL(`../examples/${name}`, import.meta.url))).book;

const GPX =
	'<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:o="http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.3">';
/** The strict export of a file with one box, whose elements are given. */
function strict(elements: string, gpx = '') {
	const box = `<wpt lat="41.3" lon="180"><name>1</name>${gpx}<extensions>${elements}</extensions></wpt>`;
	const { text, left_out } = writeGpx(readRoadBook(Buffer.from(`${GPX}${box}</gpx>`)).book, 'strict');
	const inside = /<wpt[^]*<\/wpt>/
		.exec(text)?.[0]
		.replace(/\s*\n\s*/g, '')
		.replace(/^<wpt[^>]*>(<name>1<\/name>)?/, '');
	return {
		inside: inside?.replace('</wpt>', ''),
		left_out: left_out.map(({ code, message }) => `${code}: ${message}`),
	};
}

/** In the words of the schema's declarations, which the project does not carry. */
const RULES: [title: string, elements: string, written: string, ...left_out: string[]][] = [
	[
		'radii are positive whole numbers',
		'<o:wpm open="0.4" clear="90.5"/>',
		'<wpm open="1" clear="91"/>',
		'ROUNDED',
		'ROUNDED',
	],
	['a transfer has no time', '<o:dt time="600"/>', '<dt/>', 'LEFT_OUT'],
	[
		'a neutralisation has no radii',
		'<o:neutralization clear="90">900</o:neutralization>',
		'<neutralization>900</neutralization>',
		'LEFT_OUT',
	],
	['a neutralisation has a duration', '<o:neutralization/>', '<neutralization>0</neutralization>', 'ROUNDED'],
	['a stop needs no duration', '<o:stop/>', '<stop/>'],
	['a stop has whole seconds', '<o:stop>2.5</o:stop>', '<stop>3</stop>', 'ROUNDED'],
	['a time control has whole minutes', '<o:timecontrol allowed="37.4"/>', '<timecontrol allowed="37"/>', 'ROUNDED'],
	['a time control has no name', '<o:timecontrol name="TC1"/>', '<timecontrol/>', 'LEFT_OUT'],
	['fuel is empty', '<o:fuel name="F">here</o:fuel>', '<fuel/>', 'LEFT_OUT', 'LEFT_OUT'],
	['a limit is a whole number', '<o:speed>40.2336</o:speed>', '<speed>40</speed>', 'ROUNDED'],
	['a heading is a whole number', '<o:cap>359.7</o:cap>', '<cap>360</cap>', 'ROUNDED'],
	['a distance is any decimal', '<o:distance>2.345987</o:distance>', '<distance>2.345987</distance>'],
	['a zone may have any text', '<o:dz>hello</o:dz>', '<dz>hello</dz>'],
	['a drawing is text', '<o:tulip><svg/></o:tulip>', '<tulip>&lt;svg', 'ROUNDED'],
	['unknown elements are refused', '<o:village/>', '', 'LEFT_OUT'],
	['foreign elements are refused', '<x xmlns="urn:x"/>', '', 'LEFT_OUT'],
	['unreadable values are refused', '<o:cap>north</o:cap>', '', 'LEFT_OUT'],
];

describe('the strict profile', () => {
	it.each(RULES)('%s', (_, elements, written, ...left_out) => {
		const { inside, left_out: reported } = strict(elements);
		expect(inside?.replaceAll('openrally:', '')).toContain(written);
		if (written === '') expect(inside).toBe('');
		expect(reported.map((one) => one.split(':')[0])).toEqual(left_out);
	});

	it('keeps what GPX allows in a point, in its order, and leaves out the rest', () => {
		const gpx =
			'<sym>Flag</sym><ele>12</ele><course>3</course><time>yesterday</time><magvar>400</magvar><fix>4d</fix><sat>7</sat><ele>13</ele>';
		const { inside, left_out } = strict('<o:fuel/>', `${gpx}<link href="https://example.org"><text>x</text></link>`);
		expect(inside).toContain(
			'<ele>12</ele><name>1</name><link href="https://example.org"><text>x</text></link><sym>Flag</sym><sat>7</sat>',
		);
		expect(left_out.map((one) => /<\w+>/.exec(one)?.[0])).toEqual(['<ele>', '<time>', '<magvar>', '<fix>', '<course>']);
	});

	it('knows no element and no attribute by what objects have anyway', () => {
		const { inside, left_out } = strict(
			'<o:constructor/><o:wpm toString="1" valueOf="2"/>',
			'<constructor/><valueOf/>',
		);
		expect(inside).toBe('<extensions><openrally:wpm/></extensions>');
		expect(left_out).toHaveLength(5);
	});

	it('names the box of what it leaves out', () => {
		const { left_out } = writeGpx(read('every-element-extended.gpx'), 'strict');
		expect(left_out.filter(({ box }) => box === 5)).toMatchObject([
			{ code: 'LEFT_OUT', line: null, message: '<dt> may not have time="600".' },
			{ code: 'LEFT_OUT', message: '<cap> may not have the text “north”.' },
		]);
	});

	it('loses nothing of a file that is strict already', () => {
		const book = read('every-element.gpx');
		expect(writeGpx(book, 'strict').left_out).toEqual([]);
		const again = readRoadBook(Buffer.from(writeGpx(book, 'strict').text)).book;
		const boxes = (waypoints: Waypoint[]) => waypoints.map((box) => ({ ...box, line: null, roadbook: null }));
		expect(boxes(again.waypoints)).toEqual(boxes(book.waypoints));
	});

	it('is the same in both profiles for that file, apart from our own element', () => {
		const book = read('every-element.gpx');
		const own = /\s*<n\d:box [^>]*\/>| xmlns:n\d="urn:trm:road-book:1"/g;
		expect(writeGpx(book, 'extended').text.replace(own, '')).toBe(writeGpx(book, 'strict').text);
	});
});

/** The public schemas (CC-BY 4.0), where they lie beside the project. It carries none of them. */
const SCHEMAS = new URL('../../../../shared/data/openrally/xsd/', import.meta.url);

/** What xmllint has to say of each document: node-xmllint, which comes with Directus, has its files under names of its own. */
function errorsOf(documents: string[]): string[][] {
	const text = (name: string) => readFileSync(new URL(name, SCHEMAS), 'utf8');

	const schema = [
		text('gpx.xsd'),
		text('gpx-strict.xsd').replace('"gpx.xsd"', '"file_0.xsd"'),
		text('openrally-v1.0.3.xsd'),
		text('test_wrapper.xsd')
			.replace('"openrally.xsd"', '"file_2.xsd"')
			.replace('"../common/gpx-strict.xsd"', '"file_1.xsd"'),
	];

	// In a process of its own: it ends the one that it runs in.
	const program = `
		const { validateXML } = require(process.argv[1]);
		const { schema, documents } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
		const errors = documents.map((xml) => validateXML({ xml, schema }).errors ?? []);
		require('fs').writeSync(1, '\\n' + JSON.stringify(errors) + '\\n');
		process.reallyExit(0);`;
	const xmllint = createRequire(import.meta.url).resolve('node-xmllint');
	const input = JSON.stringify({ schema, documents });
	const output = execFileSync(process.execPath, ['-e', program, xmllint], { input, encoding: 'utf8' });
	return JSON.parse(output.trim().split('\n').at(-1) as string) as string[][];
}

describe.skipIf(!existsSync(fileURLToPath(SCHEMAS)))('the public schemas', { timeout: 120_000 }, () => {
	it('accept the strict export of every example, and of books as a person may enter them', () => {
		const books = [...EXAMPLES.map(read), ...[1, 2, 3, 4, 5, 6, 7, 8].map(madeUpBook)];
		const errors = errorsOf(books.map((book) => writeGpx(book, 'strict').text));
		expect(errors).toEqual(books.map(() => []));
	});

	it('refuse the extended one, so they look at what they are given', () => {
		const [errors] = errorsOf([writeGpx(read('every-element-extended.gpx'), 'extended').text]);
		expect(errors?.length).toBeGreaterThan(5);
	});
});
