import { hasRadius, kindsOfSymbol, widest, type Kind } from '../kinds.js';
import type { Findings } from '../problem.js';
import type { BoxExtras, KindDetail, Waypoint } from '../road-book.js';
import { elementsOf, keep, textOf, type XmlElement } from '../xml/element.js';
import { LIMITS_KMH, readBoxElements, type BoxElements, type KindElement } from './box-elements.js';
import { readTimes } from './box-times.js';
import { asGpx, isGpx } from './namespaces.js';
import { decimalOf, degreesOf, rounded, type Units } from './values.js';

/** Children of <wpt> that have a field. */
const FIELDS = ['name', 'desc', 'extensions'];

/**
 * Reads a <wpt> or <rtept>. Its distance is as written; `readDistances` counts on from resets.
 * @param previous number of the box before; 0 for the first
 */
export function readBox(wpt: XmlElement, units: Units, previous: number, findings: Findings): Waypoint {
	const children = elementsOf(wpt);
	const gpx = children.filter(({ ns }) => isGpx(ns));
	const child = (name: string) => gpx.find((element) => element.name === name);

	const written = child('name') ? textOf(child('name') as XmlElement) : '';
	const numbered = /^\d{1,6}$/.test(written);
	const box = numbered ? Number(written) : previous + 1;
	const { lat, lon } = placeOf(wpt, box, findings);

	// GPX 1.0 has no <extensions>: foreign elements stand directly in the point.
	const extensions = gpx.filter(({ name }) => name === 'extensions').flatMap(elementsOf);
	const direct = children.filter(({ ns }) => !isGpx(ns));
	const found = readBoxElements([...extensions, ...direct], units, box, findings);

	const kinds = found.kinds.map(({ kind }) => kind);
	if (kinds.length === 0) kinds.push(...kindsFromSymbols(gpx, box, findings));

	const { own } = found;
	const notes = child('desc') ? textOf(child('desc') as XmlElement) : '';
	const radii = readRadii(found.kinds, box, findings);
	const times = readTimes(found.kinds, kinds, notes, { line: wpt.line, box }, findings);
	const limit = readLimit(found, units, box, findings);
	const name = nameOf(numbered ? '' : written, found.kinds);
	const number = /^\d{1,6}$/.test(own.number ?? '') ? Number(own.number) : box;

	return {
		box: number,
		kinds,
		name: own.name === undefined ? name : own.name || null,
		lat,
		lon,
		open_radius_m: ownValue(own.open) ?? radii.open,
		validation_radius_m: ownValue(own.clear) ?? radii.clear,
		distance_km: found.distance,
		cap: found.cap,
		danger: found.danger,
		limit_kmh: limit,
		duration_s: ownValue(own.duration) ?? times.duration,
		allowed_s: ownValue(own.allowed) ?? times.allowed,
		notes: notes === '' ? null : notes,
		roadbook: extrasOf({
			...(numbered && written !== String(box) ? { number: written } : {}),
			kinds: detailsOf(found.kinds, radii.differ, times.apart, limit, units),
			markers: found.markers,
			...(found.reset === null ? {} : { reset: { km: found.reset, ...(own.since ? { since: true as const } : {}) } }),
			gpx: gpx.filter((element) => !FIELDS.includes(element.name)).map((element) => keep(element, asGpx)),
			elements: found.elements,
		}),
		line: wpt.line,
	};
}

export function placeOf(point: XmlElement, box: number | null, findings: Findings): { lat: number; lon: number } {
	const lat = degreesOf(point.attributes.lat, 90);
	const lon = degreesOf(point.attributes.lon, 180);

	if (lat === null || lon === null) {
		const at = `lat="${point.attributes.lat ?? ''}" lon="${point.attributes.lon ?? ''}"`;
		findings.error('BAD_COORDINATES', `<${point.name}> has ${at}.`, point.line, box);
	}

	return { lat: lat ?? 0, lon: lon ?? 0 };
}

/** The name of the box, otherwise of its first kind that has one: `<name>` often is only the number. */
const nameOf = (written: string, kinds: KindElement[]): string | null =>
	written === '' ? (kinds.find(({ name }) => name !== undefined)?.name ?? null) : written;

const ownValue = (text: string | undefined): number | null => (text === undefined ? null : decimalOf(text));

function kindsFromSymbols(gpx: XmlElement[], box: number, findings: Findings): Kind[] {
	for (const element of gpx) {
		if (element.name !== 'sym' && element.name !== 'type') continue;
		const kinds = kindsOfSymbol(textOf(element));
		if (kinds.length === 0) continue;
		const message = `The box is ${kinds.join(' and ')} by its <${element.name}>.`;
		findings.warn('KIND_FROM_SYMBOL', message, element.line, box);
		return kinds;
	}

	return [];
}

/** Kinds that carry the radii of a box: those that the rules give one, otherwise the first. */
export function radiusHolders(kinds: Kind[]): Kind[] {
	const ruled = kinds.filter(hasRadius);
	return ruled.length > 0 ? ruled : kinds.slice(0, 1);
}

function readRadii(kinds: KindElement[], box: number, findings: Findings) {
	const open = widest(kinds.map((kind) => kind.open));
	const clear = widest(kinds.map((kind) => kind.clear));
	const holders = radiusHolders(kinds.map(({ kind }) => kind));

	const differ = kinds.some((one) => {
		const holds = holders.includes(one.kind);
		return one.open !== (holds ? open : null) || one.clear !== (holds ? clear : null);
	});

	if (differ && kinds.filter((one) => one.clear !== null || one.open !== null).length > 1) {
		findings.warn('RADII_DIFFER', 'The kinds of the box have different radii.', kinds[0]?.line, box);
	}

	return { open, clear, differ };
}

/** The limit: <speed>, otherwise the text of the speed zone where that is a number. */
function readLimit({ speed, kinds }: BoxElements, units: Units, box: number, findings: Findings): number | null {
	const zone = kinds.find(({ kind }) => kind === 'DZ');
	const value = zone === undefined ? null : decimalOf(zone.text);
	const limit = value === null ? null : rounded(value * units.distance);
	const inText = limit !== null && limit >= LIMITS_KMH[0] && limit <= LIMITS_KMH[1] ? limit : null;

	if (zone && speed !== null && inText !== null && Math.abs(speed - inText) > 1e-6) {
		findings.warn('LIMITS_DIFFER', `<speed> says ${speed} km/h, and the speed zone ${inText} km/h.`, zone.line, box);
	}

	return speed ?? inText;
}

function detailsOf(
	kinds: KindElement[],
	radiiDiffer: boolean,
	apart: Map<Kind, number | null>,
	limit: number | null,
	units: Units,
): KindDetail[] {
	return kinds
		.map(({ kind, name, text, open, clear, attributes }) => ({
			kind,
			...(name === undefined ? {} : { name }),
			...(text === '' || isField(kind, decimalOf(text), limit, units) ? {} : { text }),
			...(radiiDiffer && open !== null ? { open } : {}),
			...(radiiDiffer && clear !== null ? { clear } : {}),
			...(apart.has(kind) ? { seconds: apart.get(kind) ?? null } : {}),
			...(Object.keys(attributes).length === 0 ? {} : { attributes }),
		}))
		.filter((detail) => Object.keys(detail).length > 1);
}

/** Whether a field of the box has the number in an element: the duration of DN and STOP, the limit of DZ. */
function isField(kind: Kind, value: number | null, limit: number | null, units: Units): boolean {
	if (value === null) return false;
	return kind === 'DN' || kind === 'STOP' || (kind === 'DZ' && rounded(value * units.distance) === limit);
}

function extrasOf(extras: BoxExtras): BoxExtras | null {
	const kept = Object.entries(extras).filter(([, value]) => !Array.isArray(value) || value.length > 0);
	return kept.length === 0 ? null : Object.fromEntries(kept);
}
