import type { Kept } from '../road-book.js';

export interface XmlElement {
	/** URI; '' for none */
	ns: string;
	/** without a prefix */
	name: string;
	/** By name; an attribute with a namespace as `{uri}name`. */
	attributes: Record<string, string>;
	children: (XmlElement | string)[];
	/** where its tag begins */
	line: number;
}

export const elementsOf = (element: XmlElement): XmlElement[] =>
	element.children.filter((child) => typeof child !== 'string');

/** The text directly inside, trimmed. */
export const textOf = (element: XmlElement): string =>
	element.children
		.filter((child) => typeof child === 'string')
		.join('')
		.trim();

/** An element as JSON. Text between elements that only indents them is left out. */
export function keep(element: XmlElement): Kept {
	const { ns, name, attributes } = element;
	const mixed = element.children.some((child) => typeof child !== 'string');
	const children = element.children
		.filter((child) => typeof child !== 'string' || !mixed || child.trim() !== '')
		.map((child) => (typeof child === 'string' ? child : keep(child)));

	return {
		...(ns === '' ? {} : { ns }),
		name,
		...(Object.keys(attributes).length === 0 ? {} : { attributes }),
		...(children.length === 0 ? {} : { children }),
	};
}
