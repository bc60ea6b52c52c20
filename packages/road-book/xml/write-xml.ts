import type { Kept } from '../road-book.js';

const XML = 'http://www.w3.org/XML/1998/namespace';

/** Prefixes by namespace; '' is the default namespace of the document. */
export type Prefixes = Map<string, string>;

/** Prefixes for every namespace in the elements that has none yet: `n1`, `n2` … */
export function addPrefixes(prefixes: Prefixes, elements: Kept[]): void {
	const add = (ns: string | undefined) => {
		if (ns !== undefined && ns !== XML && !prefixes.has(ns)) prefixes.set(ns, `n${prefixes.size}`);
	};

	for (const { ns, attributes = {}, children = [] } of elements) {
		add(ns);
		for (const key of Object.keys(attributes)) add(/^\{(.+)\}/.exec(key)?.[1]);
		addPrefixes(
			prefixes,
			children.filter((child) => typeof child !== 'string'),
		);
	}
}

/** `xmlns` and `xmlns:n1` for the root. */
export const declarations = (prefixes: Prefixes): string =>
	[...prefixes].map(([ns, prefix]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(ns)}"`).join('');

/** An element as text. Elements without text are indented; nothing is added to others. */
export function writeXml(element: Kept, prefixes: Prefixes, indent = '', unnamed = false): string {
	const { ns, attributes = {}, children = [] } = element;
	const prefix = ns === undefined ? '' : (prefixes.get(ns) ?? '');
	const name = prefix === '' ? element.name : `${prefix}:${element.name}`;
	const isDefault = ns !== undefined && prefix === '';

	// An element without a namespace has to leave the default one, and one below it to enter it again.
	let open = name;
	if (ns === undefined && !unnamed) open += ' xmlns=""';
	if (isDefault && unnamed) open += ` xmlns="${escapeAttribute(ns)}"`;
	for (const [key, value] of Object.entries(attributes)) open += writeAttribute(key, value, prefixes);
	if (children.length === 0) return `${indent}<${open}/>`;

	const below = ns === undefined || (unnamed && !isDefault);
	const mixed = children.some((child) => typeof child === 'string');
	const inner = children.map((child) =>
		typeof child === 'string' ? escapeText(child) : writeXml(child, prefixes, mixed ? '' : `${indent}\t`, below),
	);

	const content = mixed ? inner.join('') : `\n${inner.join('\n')}\n${indent}`;
	return `${indent}<${open}>${content}</${name}>`;
}

function writeAttribute(key: string, value: string, prefixes: Prefixes): string {
	const [, ns, local] = /^\{(.+)\}(.+)$/.exec(key) ?? [];
	const prefix = ns === XML ? 'xml' : prefixes.get(ns ?? '');
	const name = local === undefined ? key : `${prefix}:${local}`;
	return ` ${name}="${escapeAttribute(value)}"`;
}

const ESCAPES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	'\r': '&#13;',
	'\n': '&#10;',
	'\t': '&#9;',
};

/** Characters that XML 1.0 cannot hold, escaped or not. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

export const escapeText = (text: string): string =>
	text.replace(FORBIDDEN, '\ufffd').replace(/[&<>\r]/g, (character) => ESCAPES[character] as string);

const escapeAttribute = (text: string): string =>
	text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] as string);
