import { KINDS, kindsOfSymbol, widest, type Kind } from '../kinds.js';
import { TIMED } from '../read/box-times.js';
import { GPX, OPENRALLY, OWN } from '../read/namespaces.js';
import { radiusHolders } from '../read/read-box.js';
import type { Box, BoxExtras, KindDetail, Kept } from '../road-book.js';
import { decimal, element, type Children } from './build.js';

const openrally = (name: string, children: Children = [], attributes?: Record<string, string | undefined>): Kept =>
	element(OPENRALLY, name, children, attributes);

/**
 * A box as <wpt> of the extended profile.
 * @param distance as it has to be written: perhaps from the last reset
 * @param previous number of the box before, as a reader counts them
 */
export function boxElement(box: Box, extras: BoxExtras, distance: number | null, previous: number): Kept {
	const details = new Map((extras.kinds ?? []).map((detail) => [detail.kind, detail]));
	const kinds = kindElements(box, details);
	const name = nameOf(box, extras);
	const { danger, cap, limit_kmh: speed } = box;

	const extensions = [
		...(distance === null ? [] : [openrally('distance', decimal(distance))]),
		...(cap === null ? [] : [openrally('cap', decimal(cap))]),
		...(danger === null ? [] : [openrally('danger', decimal(danger))]),
		...(speed === null ? [] : [openrally('speed', decimal(speed))]),
		...(extras.reset ? [openrally('reset', decimal(extras.reset.km))] : []),
		...kinds,
		...(extras.markers ?? []).map((marker) => openrally(marker)),
		...(extras.elements ?? []),
		...ownElement(box, extras, kinds, name, previous),
	];

	// Without kinds a reader takes them from the symbol.
	const gpx = (extras.gpx ?? []).filter((child) => box.kinds.length > 0 || !namesKinds(child));

	return element(
		GPX,
		'wpt',
		[
			element(GPX, 'name', name),
			...(box.notes === null ? [] : [element(GPX, 'desc', box.notes)]),
			...gpx,
			...(extensions.length === 0 ? [] : [element(GPX, 'extensions', extensions)]),
		],
		{ lat: decimal(box.lat), lon: decimal(box.lon) },
	);
}

/** The name, or the number where there is none or a kind carries it. */
function nameOf(box: Box, extras: BoxExtras): string {
	const number = Number(extras.number) === box.box ? (extras.number as string) : String(box.box);
	const ofKind = extras.kinds?.some(({ kind, name }) => name === box.name && box.kinds.includes(kind));
	return box.name === null || ofKind ? number : box.name;
}

const namesKinds = ({ name, children = [] }: Kept): boolean =>
	(name === 'sym' || name === 'type') &&
	kindsOfSymbol(children.filter((child) => typeof child === 'string').join('')).length > 0;

function kindElements(box: Box, details: Map<Kind, KindDetail>): Kept[] {
	const known = box.kinds.map((kind) => details.get(kind));
	const holders = radiusHolders(box.kinds);
	const timed = box.kinds.find((kind) => TIMED.includes(kind) && details.get(kind)?.seconds === undefined);

	// Radii of single kinds count while the box has the widest of them: it was not given another one since.
	const radius = (kind: Kind, of: 'open' | 'clear', column: number | null): string | undefined => {
		const implied = widest(known.map((detail) => detail?.[of]));
		const value =
			implied !== null && implied === column ? details.get(kind)?.[of] : holders.includes(kind) ? column : null;
		return value == null ? undefined : decimal(value);
	};

	return box.kinds.map((kind) => {
		const { name, text = '', seconds, attributes } = details.get(kind) ?? {};
		const duration = seconds ?? (kind === timed ? box.duration_s : null);
		const inText = (kind === 'DN' || kind === 'STOP') && text === '';

		return openrally(KINDS[kind].element, inText && duration !== null ? decimal(duration) : text, {
			name,
			open: radius(kind, 'open', box.open_radius_m),
			clear: radius(kind, 'clear', box.validation_radius_m),
			time: inText || duration === null ? undefined : decimal(duration),
			allowed: kind === 'TC' && box.allowed_s !== null ? decimal(box.allowed_s / 60) : undefined,
			...attributes,
		});
	});
}

/** Fields that no element of GPX or OpenRally brings back as they are. */
function ownElement(box: Box, extras: BoxExtras, kinds: Kept[], name: string, previous: number): Kept[] {
	const attribute = (of: string) => widest(kinds.map(({ attributes }) => numberOf(attributes?.[of])));
	const numbered = /^\d{1,6}$/.test(name);
	const readName = numbered ? (kinds.find(({ attributes }) => attributes?.name)?.attributes?.name ?? null) : name;
	const open = numberOf(box.open_radius_m);
	const clear = numberOf(box.validation_radius_m);
	const times = box.kinds.some((kind) => TIMED.includes(kind));

	const own = {
		number: (numbered ? Number(name) : previous + 1) === box.box ? undefined : String(box.box),
		name: readName === box.name ? undefined : (box.name ?? ''),
		open: open === null || attribute('open') === open ? undefined : decimal(open),
		clear: clear === null || attribute('clear') === clear ? undefined : decimal(clear),
		duration: times || box.duration_s === null ? undefined : decimal(box.duration_s),
		allowed: box.kinds.includes('TC') || box.allowed_s === null ? undefined : decimal(box.allowed_s),
		since: extras.reset?.since ? '1' : undefined,
	};

	return Object.values(own).some((value) => value !== undefined) ? [element(OWN, 'box', [], own)] : [];
}

const numberOf = (value: string | number | null | undefined): number | null => (value == null ? null : Number(value));
