import type { Kept } from '../road-book.js';

export type Children = string | Kept[];

/** An element; attributes without a value are left out. */
export function element(
	ns: string,
	name: string,
	children: Children = [],
	attributes: Record<string, string | undefined> = {},
): Kept {
	const given = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined);
	const inside = typeof children === 'string' ? (children === '' ? [] : [children]) : children;

	return {
		ns,
		name,
		...(given.length === 0 ? {} : { attributes: Object.fromEntries(given) }),
		...(inside.length === 0 ? {} : { children: inside }),
	};
}

/** A number as XML Schema's `decimal` wants it: never with an exponent. */
export function decimal(value: number): string {
	const written = String(value);
	return written.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : written;
}
