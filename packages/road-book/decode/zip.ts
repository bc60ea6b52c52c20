import { Buffer } from 'node:buffer';
import { crc32, inflateRawSync } from 'node:zlib';
import { refuse } from '../problem.js';

/**
 * The KML inside a KMZ. Layouts: PKWARE's APPNOTE.TXT 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
 * zlib stops at the limit while it inflates, so an archive that lies about its sizes costs no more than an honest one.
 */

const MAX_ENTRIES = 1000;
/** A track in KML deflates to a fifth; deflate itself ends at about 1,030. */
const MAX_RATIO = 200;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;

const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

interface Entry {
	name: string;
	flags: number;
	method: number;
	crc: number;
	packed: number;
	size: number;
	offset: number;
}

export const isZip = (bytes: Uint8Array): boolean =>
	bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5) && (bytes[3] === 4 || bytes[3] === 6);

/** @throws RoadBookError where there is no KML, it cannot be read, or it would be larger than `limit` bytes */
export function kmlOfZip(bytes: Uint8Array, limit: number): Uint8Array {
	const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const entry = entriesOf(zip).find(({ name }) => /\.kml$/i.test(name));
	if (entry === undefined) return refuse('BAD_ARCHIVE', 'The file is a ZIP archive without a .kml inside.');

	const { name, size, packed } = entry;
	if (entry.flags & ENCRYPTED) refuse('BAD_ARCHIVE', `${name} in the archive is encrypted.`);
	if (size > limit) refuse('ARCHIVE_LIMIT', `${name} in the archive has ${size} bytes; the limit is ${limit}.`);
	if (size > packed * MAX_RATIO)
		refuse('ARCHIVE_LIMIT', `${name} in the archive is compressed more than 1:${MAX_RATIO}.`);

	const content = contentOf(zip, entry);
	if (content.length !== size || crc32(content) !== entry.crc) damaged();
	return content;
}

function entriesOf(zip: Buffer): Entry[] {
	const end = endOf(zip);
	const count = zip.readUInt16LE(end + 10);
	if (count > MAX_ENTRIES) refuse('ARCHIVE_LIMIT', `The archive has ${count} entries; the limit is ${MAX_ENTRIES}.`);

	const entries: Entry[] = [];
	let at = zip.readUInt32LE(end + 16);

	for (let index = 0; index < count; index++) {
		if (at + 46 > zip.length || zip.readUInt32LE(at) !== CENTRAL) damaged();
		const nameLength = zip.readUInt16LE(at + 28);

		entries.push({
			name: zip.toString('utf8', at + 46, at + 46 + nameLength),
			flags: zip.readUInt16LE(at + 8),
			method: zip.readUInt16LE(at + 10),
			crc: zip.readUInt32LE(at + 16),
			packed: zip.readUInt32LE(at + 20),
			size: zip.readUInt32LE(at + 24),
			offset: zip.readUInt32LE(at + 42),
		});

		at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
	}

	return entries;
}

/** Where the end of the central directory begins: at the end of the file, before a comment. */
function endOf(zip: Buffer): number {
	const first = Math.max(0, zip.length - END_BYTES - MAX_COMMENT);

	for (let at = zip.length - END_BYTES; at >= first; at--) {
		if (zip.readUInt32LE(at) === END) return at;
	}

	return damaged();
}

function contentOf(zip: Buffer, { name, method, packed, size, offset }: Entry): Buffer {
	if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== LOCAL) damaged();
	const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
	if (start + packed > zip.length) damaged();
	const data = zip.subarray(start, start + packed);

	if (method === STORED) return data;
	if (method !== DEFLATED)
		return refuse('BAD_ARCHIVE', `${name} is compressed by method ${method}, which is not supported.`);

	try {
		return inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code !== 'ERR_BUFFER_TOO_LARGE') return damaged();
		return refuse('ARCHIVE_LIMIT', `${name} is larger than the ${size} bytes that the archive gives for it.`);
	}
}

const damaged = (): never => refuse('BAD_ARCHIVE', 'The archive is damaged or cut off.');
