import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_BOXES, MAX_BYTES, readInSteps, readRoadBook, RoadBookError, type ReadError } from '../index.js';

/** Files that are too large to lie here: made for the test. */

const gpx = (body: string) => Buffer.from(`<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">${body}</gpx>`);

function problemsOf(bytes: Uint8Array): ReadError[] {
	try {
		readRoadBook(bytes);
		return [];
	} catch (error) {
		if (error instanceof RoadBookError) return error.problems;
		throw error;
	}
}

const refusalOf = (bytes: Uint8Array): string => problemsOf(bytes)[0]?.code ?? 'read';

interface Entry {
	name: string;
	content: Buffer;
	/** What the archive gives as the size, whatever it is. */
	size?: number;
	flags?: number;
}

/** A ZIP archive, whose central directory may lie. */
function zip(entries: Entry[]): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;

	for (const { name, content, size = content.length, flags = 0 } of entries) {
		const data = deflateRawSync(content, { level: 9 });
		// From the version needed on, both headers have the same fields.
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(flags, 2);
		common.writeUInt16LE(8, 4);
		common.writeUInt32LE(crc32(content), 10);
		common.writeUInt32LE(data.length, 14);
		common.writeUInt32LE(size, 18);
		common.writeUInt16LE(name.length, 22);

		const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(offset, 10);
		directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, Buffer.from(name)]));
		parts.push(local);
		offset += local.length;
	}

	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 'latin1');
	end.writeUInt16LE(entries.length, 8);
	end.writeUInt16LE(entries.length, 10);
	end.writeUInt32LE(Buffer.concat(directory).length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...parts, ...directory, end]);
}

const KML = Buffer.from(
	'<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Point><coordinates>19.8,41.3</coordinates></Point></Placemark></kml>',
);

describe('archives', () => {
	it('are opened where they are honest', () => {
		expect(refusalOf(zip([{ name: 'doc.kml', content: KML }]))).toBe('read');
	});

	it.each([
		['a bomb', [{ name: 'doc.kml', content: Buffer.alloc(15_000_000, ' ') }], 'ARCHIVE_LIMIT'],
		['one larger than the limit', [{ name: 'doc.kml', content: KML, size: MAX_BYTES + 1 }], 'ARCHIVE_LIMIT'],
		[
			'a bomb that gives a small size',
			[{ name: 'doc.kml', content: Buffer.alloc(15_000_000), size: 900 }],
			'ARCHIVE_LIMIT',
		],
		[
			'more entries than 1,000',
			Array.from({ length: 1001 }, (_, i) => ({ name: `${i}`, content: KML })),
			'ARCHIVE_LIMIT',
		],
		['an encrypted one', [{ name: 'doc.kml', content: KML, flags: 1 }], 'BAD_ARCHIVE'],
		['one that ends early', [{ name: 'doc.kml', content: KML, size: KML.length + 1 }], 'BAD_ARCHIVE'],
	])('are refused: %s', (_, entries, code) => {
		expect(refusalOf(zip(entries))).toBe(code);
	});

	it('cost no more memory than the limit', { timeout: 30_000 }, () => {
		const bomb = zip([{ name: 'doc.kml', content: Buffer.alloc(100_000_000), size: 1_000_000 }]);
		const before = process.memoryUsage().arrayBuffers;
		expect(refusalOf(bomb)).toBe('ARCHIVE_LIMIT');
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
	});
});

describe('large files', () => {
	const point = (index: number) =>
		`<trkpt lat="${(41 + index * 1e-6).toFixed(6)}" lon="19.800000"><ele>120.5</ele></trkpt>\n`;
	const track = (bytes: number) => {
		const points = Array.from({ length: Math.ceil(bytes / point(0).length) }, (_, index) => point(index));
		return gpx(`<trk><trkseg>${points.join('')}</trkseg></trk>`);
	};

	it('with 10 MB of track are read, and never hold up others for long', { timeout: 30_000 }, () => {
		const file = track(10_000_000);
		const steps = readInSteps(file);
		let [count, longest] = [0, 0];
		let step: ReturnType<typeof steps.next>;

		do {
			const started = performance.now();
			step = steps.next();
			longest = Math.max(longest, performance.now() - started);
			count++;
		} while (!step.done);

		expect(step.value.book.track).toHaveLength(Math.ceil(10_000_000 / point(0).length));
		expect(step.value.warnings).toEqual([]);
		expect(count).toBeGreaterThan(10_000_000 / 65_536);
		// A step takes some milliseconds; a machine that runs other tests beside this one is slower.
		expect(longest).toBeLessThan(1_000);
	});

	it('with a long line of KML are read in steps too', () => {
		const line = Array.from({ length: 100_000 }, (_, index) => `19.8,${(41 + index * 1e-6).toFixed(6)}`).join(' ');
		const placemark = `<Placemark><LineString><coordinates>${line}</coordinates></LineString></Placemark>`;
		const steps = readInSteps(Buffer.from(`<kml xmlns="http://www.opengis.net/kml/2.2">${placemark}</kml>`));
		expect([...steps].length).toBeGreaterThan(40);
	});

	it('are refused above 20 MB, above 1,000,000 elements and above 2,000 boxes', { timeout: 30_000 }, () => {
		expect(refusalOf(Buffer.alloc(MAX_BYTES + 1, ' '))).toBe('TOO_LARGE');
		expect(refusalOf(gpx('<x/>'.repeat(1_000_000)))).toBe('XML_LIMIT');
		expect(refusalOf(gpx('<wpt lat="41.3" lon="19.8"/>'.repeat(MAX_BOXES + 1)))).toBe('TOO_MANY_BOXES');
	});

	it('are refused with an attribute of more than 2 MB, or more than 100 attributes', () => {
		expect(refusalOf(gpx(`<wpt lat="${'4'.repeat(2_000_001)}"/>`))).toBe('XML_LIMIT');
		const attributes = Array.from({ length: 101 }, (_, index) => `a${index}="1"`);
		expect(refusalOf(gpx(`<wpt ${attributes.join(' ')}/>`))).toBe('XML_LIMIT');
	});

	it('that are not well-formed are refused as fast', { timeout: 30_000 }, () => {
		expect(refusalOf(gpx('<![CDATA['.repeat(1_000_000)))).toBe('NOT_WELL_FORMED');
		expect(refusalOf(gpx('<!--'.repeat(1_000_000)))).toBe('NOT_WELL_FORMED');
	});

	it('stop at 50 errors', () => {
		const broken = gpx('<wpt lat="x" lon="y"/>\n'.repeat(80));
		expect(problemsOf(broken)).toHaveLength(50);
	});
});
