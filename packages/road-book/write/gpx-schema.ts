import type { Kept } from '../road-book.js';

type Allows = (element: Kept) => boolean;

const textOf = ({ children = [] }: Kept): string =>
	children
		.filter((child) => typeof child === 'string')
		.join('')
		.trim();
const isPlain = ({ attributes, children = [] }: Kept): boolean =>
	attributes === undefined && children.every((child) => typeof child === 'string');

const text: Allows = isPlain;
const matching =
	(pattern: RegExp): Allows =>
	(element) =>
		isPlain(element) && pattern.test(textOf(element));

const decimal = matching(/^[+-]?(\d+(\.\d*)?|\.\d+)$/);
const count = matching(/^\+?\d+$/);
const dateTime = matching(
	/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d)?$/,
);
const between =
	(min: number, max: number): Allows =>
	(element) =>
		decimal(element) && Number(textOf(element)) >= min && Number(textOf(element)) < max;

const elements = ({ children = [] }: Kept): Kept[] => children.filter((child) => typeof child !== 'string');
const hasOnly = (element: Kept, attributes: string[]): boolean =>
	Object.keys(element.attributes ?? {}).every((key) => attributes.includes(key));

const link: Allows = (element) =>
	element.attributes?.href !== undefined &&
	hasOnly(element, ['href']) &&
	textOf(element) === '' &&
	['text', 'text,type', 'type', ''].includes(
		elements(element)
			.map(({ name }) => name)
			.join(),
	) &&
	elements(element).every(isPlain);

const bounds: Allows = (element) =>
	['minlat', 'minlon', 'maxlat', 'maxlon'].every((key) => {
		const limit = key.endsWith('lat') ? 90 : 180;
		const value = element.attributes?.[key] ?? '';
		return /^[+-]?\d+(\.\d+)?$/.test(value) && Math.abs(Number(value)) <= limit;
	}) &&
	hasOnly(element, ['minlat', 'minlon', 'maxlat', 'maxlon']) &&
	(element.children ?? []).length === 0;

/** What GPX 1.1 allows in a point and in the metadata, in the order that its schema wants. */
export const GPX_CHILDREN: Record<string, Record<string, Allows>> = {
	wpt: {
		ele: decimal,
		time: dateTime,
		magvar: between(0, 360),
		geoidheight: decimal,
		name: text,
		cmt: text,
		desc: text,
		src: text,
		link,
		sym: text,
		type: text,
		fix: matching(/^(none|2d|3d|dgps|pps)$/),
		sat: count,
		hdop: decimal,
		vdop: decimal,
		pdop: decimal,
		ageofdgpsdata: decimal,
		dgpsid: (element) => count(element) && Number(textOf(element)) <= 1023,
	},
	metadata: {
		name: text,
		desc: text,
		author: () => false,
		copyright: () => false,
		link,
		time: dateTime,
		keywords: text,
		bounds,
	},
};

/** Children in the order of the schema; what it does not know comes last, before the extensions. */
export function inOrder(parent: string, children: Kept[]): Kept[] {
	const order = Object.keys(GPX_CHILDREN[parent] ?? {});
	const place = ({ name }: Kept): number => {
		if (name === 'extensions') return order.length + 1;
		return order.includes(name) ? order.indexOf(name) : order.length;
	};

	return children.toSorted((a, b) => place(a) - place(b));
}
