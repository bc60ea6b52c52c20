import { Buffer } from 'node:buffer';
import { refuse, type Findings } from '../problem.js';
import { isZip, kmlOfZip } from './zip.js';

/** Bytes of a file, before and after a KMZ is opened. */
export const MAX_BYTES = 20 * 1024 * 1024;

/** How far an XML declaration may reach. */
const DECLARATION_BYTES = 512;

/**
 * The text of a file: of a KMZ, its KML.
 * @throws RoadBookError where the file is empty, too large, no archive that can be opened, or in no known encoding
 */
export function decode(file: Uint8Array, findings: Findings): string {
	if (file.length === 0) refuse('EMPTY_FILE', 'The file is empty.');
	if (file.length > MAX_BYTES) refuse('TOO_LARGE', `The file has ${file.length} bytes; the limit is ${MAX_BYTES}.`);
	return isZip(file) ? textOf(kmlOfZip(file, MAX_BYTES), findings) : textOf(file, findings);
}

function textOf(bytes: Uint8Array, findings: Findings): string {
	const sure = encodingByBytes(bytes);
	if (sure !== null) return decodeAs(sure, bytes);

	const declared = declaredEncoding(bytes);
	// A file whose first bytes are no UTF-16 is none, whatever it declares: programs save UTF-8 with such a declaration.
	const label = declared === null || /^utf-?16/i.test(declared) ? 'utf-8' : declared;
	if (!/^utf-?8$/i.test(label)) return decodeAs(label, bytes);

	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		findings.warn('ENCODING_GUESSED', 'The file is not UTF-8 as it should be; it was read as Windows-1252.');
		return decodeAs('windows-1252', bytes);
	}
}

/** By the byte-order mark, or by the zero bytes of a text in UTF-16 without one. */
function encodingByBytes(bytes: Uint8Array): string | null {
	const [a, b, c, d] = bytes;
	if (a === 0xff && b === 0xfe && c === 0 && d === 0) refuse('BAD_ENCODING', 'The file is in UTF-32.');
	if (a === 0xff && b === 0xfe) return 'utf-16le';
	if (a === 0xfe && b === 0xff) return 'utf-16be';
	if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
	if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
	if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be';
	return null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
	const start = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
	return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? null;
}

function decodeAs(label: string, bytes: Uint8Array): string {
	const decoder = decoderOf(label);

	try {
		return decoder.decode(bytes);
	} catch {
		return refuse('BAD_ENCODING', `The file is no valid ${decoder.encoding}.`);
	}
}

function decoderOf(label: string) {
	try {
		return new TextDecoder(label, { fatal: true });
	} catch {
		return refuse('BAD_ENCODING', `The file declares the encoding ${label}, which is unknown.`);
	}
}
