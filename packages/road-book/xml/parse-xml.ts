import { SaxesParser, type SaxesAttributeNS } from 'saxes';
import { refuse, RoadBookError } from '../problem.js';
import type { XmlElement } from './element.js';

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 1_000_000;
const MAX_ATTRIBUTES = 100;
/** A drawing may be a data URL in an attribute. */
const MAX_ATTRIBUTE_LENGTH = 2_000_000;
/** Characters between two pauses: a few milliseconds. */
const CHUNK = 65_536;

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/**
 * Reads XML into a tree, with namespaces by URI. It knows the five entities of XML itself and no other, and refuses a DTD.
 * Pauses between chunks, so that a caller can let others work meanwhile.
 * @param take gets each element at its end, with its parent; what it takes (true) is not put into the tree
 * @throws RoadBookError DOCTYPE, WEB_PAGE, NOT_WELL_FORMED or XML_LIMIT, with the line
 */
export function* parseXml(
	text: string,
	take: (element: XmlElement, parent: XmlElement) => boolean,
): Generator<void, XmlElement> {
	const parser = new SaxesParser({ xmlns: true });
	const open: XmlElement[] = [];
	let root: XmlElement | undefined;
	let count = 0;
	let line = 1;

	// At most six handlers: with a seventh V8 keeps the parser as a dictionary, and it takes three times as long. So errors are caught.
	parser.on('doctype', (doctype) => {
		if (/^\s*html\b/i.test(doctype)) refuse('WEB_PAGE', 'The file is a web page (HTML).', parser.line);
		refuse('DOCTYPE', 'The file has a document type declaration.', parser.line);
	});

	parser.on('opentagstart', () => {
		// The character after the name is read already.
		line = parser.columnIndex === 0 ? parser.line - 1 : parser.line;
		if (++count > MAX_ELEMENTS) refuse('XML_LIMIT', `The file has more than ${MAX_ELEMENTS} elements.`, line);
		if (open.length >= MAX_DEPTH) refuse('XML_LIMIT', `Elements are nested more than ${MAX_DEPTH} deep.`, line);
	});

	parser.on('opentag', ({ uri, local, attributes }) => {
		open.push({ ns: uri, name: local, attributes: plain(attributes, line), children: [], line });
	});

	// Space alone only indents. Between 50,000 points of a track it would outweigh them.
	const addText = (content: string): void => {
		if (/\S/.test(content)) open.at(-1)?.children.push(content);
	};

	parser.on('text', addText);
	parser.on('cdata', addText);

	parser.on('closetag', () => {
		const element = open.pop() as XmlElement;
		const parent = open.at(-1);
		if (parent === undefined) root = element;
		else if (!take(element, parent)) parent.children.push(element);
	});

	// Nothing may stand before an XML declaration, but programs write empty lines there.
	const start = text.length - text.trimStart().length;
	parser.line += text.slice(0, start).split('\n').length - 1;

	for (let at = start; at < text.length; at += CHUNK) {
		guarded(text, parser, () => parser.write(text.slice(at, at + CHUNK)));
		yield;
	}

	guarded(text, parser, () => parser.close());
	return root ?? refuse('NOT_WELL_FORMED', 'The file has no element.');
}

/** Runs the parser, and refuses the file where it finds a fault. */
function guarded(text: string, parser: { line: number }, parse: () => void): void {
	try {
		parse();
	} catch (error) {
		if (error instanceof RoadBookError) throw error;
		// An ampersand by itself begins an entity that ends nowhere, and the parser notices at the end of the file.
		const bare = bareAmpersand(text);
		if (bare !== null) refuse('NOT_WELL_FORMED', 'A & by itself has to be written &amp;.', bare);
		const message = (error as Error).message.replace(/^\d+:\d+: /, '');
		refuse('NOT_WELL_FORMED', `The XML is not well-formed: ${message}`, parser.line);
	}
}

function plain(attributes: Record<string, SaxesAttributeNS>, line: number): Record<string, string> {
	const names = Object.keys(attributes);
	if (names.length > MAX_ATTRIBUTES)
		refuse('XML_LIMIT', `An element has more than ${MAX_ATTRIBUTES} attributes.`, line);
	const result: Record<string, string> = {};

	for (const name of names) {
		const { uri, local, value } = attributes[name] as SaxesAttributeNS;
		if (value.length > MAX_ATTRIBUTE_LENGTH) refuse('XML_LIMIT', `The attribute ${name} is too long.`, line);
		if (uri !== XMLNS) result[uri === '' ? local : `{${uri}}${local}`] = value;
	}

	return result;
}

/** The line of the first & that begins no entity, outside CDATA and comments; null where there is none. */
function bareAmpersand(text: string): number | null {
	// Up to the end of the text where they do not end: looking for an end again and again would take for ever.
	const found = /<!\[CDATA\[[^]*?(?:\]\]>|$)|<!--[^]*?(?:-->|$)|(&(?!#?\w+;))/g;

	for (const match of text.matchAll(found)) {
		if (match[1] !== undefined) return text.slice(0, match.index).split('\n').length;
	}

	return null;
}
