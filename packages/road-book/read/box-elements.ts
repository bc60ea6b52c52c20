import { kindOfElement, type Kind } from '../kinds.js';
import type { Findings } from '../problem.js';
import type { Kept } from '../road-book.js';
import { keep, textOf, type XmlElement } from '../xml/element.js';
import { asOpenRally, isGpx, openRallyVersion, OWN } from './namespaces.js';
import { decimalOf, rounded, STATUTE, type Units } from './values.js';

/** What the extensions of a box say, in metric units. */
export interface BoxElements {
	kinds: KindElement[];
	/** as written: perhaps from the last reset */
	distance: number | null;
	cap: number | null;
	danger: number | null;
	speed: number | null;
	reset: number | null;
	markers: string[];
	elements: Kept[];
	/** Attributes of our own element, of the extended profile. */
	own: Record<string, string>;
}

export interface KindElement {
	kind: Kind;
	line: number;
	name: string | undefined;
	text: string;
	open: number | null;
	clear: number | null;
	/** `time`, of DN, DT and STOP */
	time: number | null;
	/** minutes to the next time control */
	allowed: number | null;
	attributes: Record<string, string>;
}

const MARKERS = ['show_coordinates', 'medical', 'helicopter', 'police', 'fire', 'spectators', 'media'];
const DRAWINGS = ['tulip', 'notes'];
const DANGERS: Record<string, number> = { onedanger: 1, twodanger: 2, threedanger: 3 };

/** The limits that a speed zone may have. */
export const LIMITS_KMH = [5, 200] as const;

/** Reads the elements in which OpenRally, and programs of their own, say more of a box than GPX can. */
export function readBoxElements(all: XmlElement[], units: Units, box: number, findings: Findings): BoxElements {
	const found: BoxElements = {
		kinds: [],
		distance: null,
		cap: null,
		danger: null,
		speed: null,
		reset: null,
		markers: [],
		elements: [],
		own: {},
	};

	for (const element of all) {
		if (element.ns === OWN) found.own = element.attributes;
		else if (openRallyVersion(element.ns) !== null) readElement(element, found, units, box, findings);
		else {
			found.elements.push(keep(element));
			if (isGpx(element.ns)) continue;
			findings.warnOnce('FOREIGN_ELEMENT', `Elements of ${element.ns} are kept as they are.`, element.line, element.ns);
		}
	}

	return found;
}

function readElement(element: XmlElement, found: BoxElements, units: Units, box: number, findings: Findings): void {
	const { name, line } = element;
	const keepAsIs = () => found.elements.push(keep(element, asOpenRally));
	const again = (): void => {
		findings.warn('DUPLICATE_ELEMENT', `<${name}> stands in the box more than once.`, line, box);
		keepAsIs();
	};

	/** A number that is in range once it is metric, or null, with a warning, for anything else. */
	const number = (text: string, min: number, max: number, factor = 1): number | null => {
		const written = decimalOf(text);
		const value = written === null ? null : rounded(written * factor);

		if (value === null || value < min || value > max || (name === 'danger' && !Number.isInteger(value))) {
			findings.warn('INVALID_VALUE', `<${name}> has the value “${text.slice(0, 40)}”.`, line, box);
			keepAsIs();
			return null;
		}

		if (text.includes(',')) findings.warnOnce('DECIMAL_COMMA', `<${name}> is written with a comma: ${text}.`, line);
		return value;
	};

	const set = (field: 'distance' | 'cap' | 'danger' | 'speed' | 'reset', value: () => number | null): void => {
		if (found[field] === null) found[field] = value();
		else again();
	};

	const kind = kindOfElement(name);
	if (kind !== undefined) {
		if (found.kinds.some((other) => other.kind === kind)) again();
		else found.kinds.push(readKind(element, kind, units, box, findings));
		return;
	}

	switch (name) {
		case 'distance':
			return set('distance', () => number(textOf(element), 0, 100_000, units.distance));
		case 'cap':
			return set('cap', () => number(textOf(element), 0, 360));
		case 'danger':
			return set('danger', () => number(textOf(element), 1, 3));
		case 'speed':
			return set('speed', () => number(speedOf(element), ...LIMITS_KMH, speedFactor(element, units)));
		case 'reset':
		case 'resettozero':
			return set('reset', () => number(textOf(element) || '0', 0, 100_000, units.distance));
	}

	if (Object.hasOwn(DANGERS, name)) set('danger', () => DANGERS[name] as number);
	else if (MARKERS.includes(name) && !found.markers.includes(name)) found.markers.push(name);
	else {
		if (!DRAWINGS.includes(name) && !MARKERS.includes(name)) {
			const key = `unknown ${name}`;
			findings.warnOnce('UNKNOWN_ELEMENT', `OpenRally has no element <${name}>; it is kept as it is.`, line, key);
		}
		keepAsIs();
	}
}

/** Draft v0.1 has `<speed kph="65"/>`. */
const speedOf = (element: XmlElement): string =>
	textOf(element) || (element.attributes.kph ?? element.attributes.mph ?? '');

function speedFactor({ attributes }: XmlElement, units: Units): number {
	if (attributes.kph !== undefined) return 1;
	return attributes.mph === undefined ? units.distance : STATUTE.distance;
}

function readKind(element: XmlElement, kind: Kind, units: Units, box: number, findings: Findings): KindElement {
	const { name, open, clear, time, allowed, ...attributes } = element.attributes;
	const { line } = element;

	const number = (attribute: string, text: string | undefined, min: number, factor: number): number | null => {
		if (text === undefined) return null;
		const value = decimalOf(text.trim());
		// Programs write 0 for “none” where only a positive number makes sense.
		if (value === 0 && min > 0) return null;
		if (value !== null && value >= min) return rounded(value * factor);
		findings.warn('INVALID_VALUE', `<${element.name}> has ${attribute}="${text.slice(0, 40)}".`, line, box);
		attributes[attribute] = text;
		return null;
	};

	const timed = kind === 'DN' || kind === 'DT' || kind === 'STOP';
	// Tulip gives any kind the time that was entered for it; it means something only where a rider has to wait.
	if (time !== undefined && !timed) attributes.time = time;
	if (allowed !== undefined && kind !== 'TC') attributes.allowed = allowed;

	return {
		kind,
		line,
		name: name?.trim() || undefined,
		text: textOf(element),
		open: number('open', open, Number.MIN_VALUE, units.radius),
		clear: number('clear', clear, Number.MIN_VALUE, units.radius),
		time: number('time', timed ? time : undefined, 0, 1),
		allowed: number('allowed', kind === 'TC' ? allowed : undefined, 0, 1),
		attributes,
	};
}
