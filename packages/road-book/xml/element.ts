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
export function textOf({ children }: XmlElement): string {
	const [only] = children;
	if (children.length === 1 && typeof only === 'string') return only.trim();
	const texts = children.filter((child) => typeof child === 'string');
	return texts.join('').trim();
}

/**
 * An element as JSON.
 * @param rename the namespace to keep for one of the file: elements of all versions are kept as those of one
 */
export function keep({ ns, name, attributes, children }: XmlElement, rename = (ns: string): string => ns): Kept {
	const kept = rename(ns);
	const keepChild = (child: XmlElement | string) => (typeof child === 'string' ? child : keep(child, rename));

	return {
		...(kept === '' ? {} : { ns: kept }),
		name,
		...(Object.keys(attributes).length === 0 ? {} : { attributes }),
		...(children.length === 0 ? {} : { children: children.map(keepChild) }),
	};
}
