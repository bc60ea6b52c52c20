import type { WarningCode } from '../problem.js';
import { GPX, OPENRALLY, OWN } from '../read/namespaces.js';
import type { Kept } from '../road-book.js';
import { GPX_CHILDREN } from './gpx-schema.js';
import { addPrefixes, writeXml } from '../xml/write-xml.js';

/** What the public schemas of GPX 1.1 and OpenRally v1.0.3 allow; everything else is left out, and reported. */

export type Report = (code: WarningCode & ('LEFT_OUT' | 'ROUNDED'), message: string) => void;

interface Rule {
	/** Values that are rounded to whole numbers of at least so much. */
	attributes?: Record<string, number | 'text'>;
	/** none: no text · any · integer: rounded, at least `min` */
	text: 'none' | 'any' | 'integer' | 'decimal';
	min?: number;
	/** Text that stands where the file has none, although there must be one. */
	empty?: string;
}

const RADII = { name: 'text', open: 1, clear: 1 } as const;
const waypoint: Rule = { attributes: RADII, text: 'any' };
const marker: Rule = { text: 'none' };
const drawing: Rule = { attributes: { href: 'text', id: 'text' }, text: 'any' };

const rulesOf = (rule: Rule, ...names: string[]) => names.map((name) => [name, rule] as const);

const RULES = new Map<string, Rule>([
	...rulesOf(waypoint, 'dss', 'ass', 'dz', 'fz', 'wpm', 'wpe', 'wps', 'wpc', 'wpv', 'wpp', 'wpn'),
	...rulesOf(waypoint, 'checkpoint', 'fn', 'dt', 'ft'),
	...rulesOf(marker, 'fuel', 'show_coordinates', 'medical', 'helicopter', 'police', 'fire', 'spectators', 'media'),
	...rulesOf(drawing, 'tulip', 'notes'),
	...rulesOf({ text: 'decimal' }, 'distance', 'reset'),
	...rulesOf({ text: 'any' }, 'units'),
	...rulesOf({ text: 'integer', min: 0 }, 'cap', 'stop'),
	...rulesOf({ text: 'integer', min: 1 }, 'danger', 'speed'),
	...rulesOf({ text: 'integer', min: 0, empty: '0' }, 'neutralization'),
	...rulesOf({ attributes: { allowed: 0 }, text: 'any' }, 'timecontrol'),
]);

/** A <wpt> or <metadata> without what the schemas refuse. */
export function strict(parent: Kept, report: Report): Kept {
	const rules = GPX_CHILDREN[parent.name] ?? {};
	const seen = new Set<string>();

	const children = childrenOf(parent).flatMap((child) => {
		if (child.ns === GPX && child.name === 'extensions') {
			const inside = childrenOf(child).flatMap((one) => strictExtension(one, report));
			return inside.length === 0 ? [] : [{ ...child, children: inside }];
		}

		const allows = child.ns === GPX && Object.hasOwn(rules, child.name) ? rules[child.name] : undefined;
		const again = seen.has(child.name) && child.name !== 'link';
		seen.add(child.name);
		if (allows && !again && allows(child)) return [child];
		report('LEFT_OUT', `<${child.name}> is not allowed here by GPX 1.1, or not with this content.`);
		return [];
	});

	return { ...parent, children };
}

function strictExtension(child: Kept, report: Report): Kept[] {
	if (child.ns === OWN) {
		// How the distances were counted is no loss: they stand there as they were counted.
		const lost = Object.entries(child.attributes ?? {}).filter(([key]) => key !== 'since');
		for (const [key, value] of lost) report('LEFT_OUT', `No element of the box can have its ${key}, “${value}”.`);
		return [];
	}

	const rule = child.ns === OPENRALLY ? RULES.get(child.name) : undefined;

	if (rule === undefined) {
		report('LEFT_OUT', `<${child.name}> of ${child.ns ?? 'no namespace'} is no element of OpenRally v1.0.3.`);
		return [];
	}

	const text = strictText(child, rule, report);
	if (text === null) return [];
	const attributes = strictAttributes(child, rule, report);

	return [
		{
			...(child.ns === undefined ? {} : { ns: child.ns }),
			name: child.name,
			...(Object.keys(attributes).length === 0 ? {} : { attributes }),
			...(text === '' ? {} : { children: [text] }),
		},
	];
}

function strictAttributes({ name, attributes = {} }: Kept, rule: Rule, report: Report): Record<string, string> {
	const result: Record<string, string> = {};

	for (const [key, value] of Object.entries(attributes)) {
		const allowed = Object.hasOwn(rule.attributes ?? {}, key) ? rule.attributes?.[key] : undefined;
		if (allowed === 'text') result[key] = value;
		else if (allowed === undefined || !isNumber(value)) report('LEFT_OUT', `<${name}> may not have ${key}="${value}".`);
		else result[key] = whole(value, allowed, `${key} of <${name}>`, report);
	}

	return result;
}

/** The text that is allowed; null where the element makes no sense without it. */
function strictText(child: Kept, { text, min = 0, empty }: Rule, report: Report): string | null {
	const { name, children = [] } = child;
	const written = children.map((part) => (typeof part === 'string' ? part : asText(part))).join('');
	if (children.some((part) => typeof part !== 'string')) {
		report('ROUNDED', `The drawing in <${name}> is written as text.`);
	}

	if (text === 'any') return written;
	const trimmed = written.trim();

	if (trimmed === '') {
		if (empty !== undefined) report('ROUNDED', `<${name}> without a duration is written as ${empty}.`);
		return empty ?? '';
	}

	if (text === 'none' || !isNumber(trimmed)) {
		report('LEFT_OUT', `<${name}> may not have the text “${trimmed.slice(0, 40)}”.`);
		return text === 'none' || name === 'stop' ? '' : (empty ?? null);
	}

	return text === 'decimal' ? trimmed : whole(trimmed, min, `<${name}>`, report);
}

function whole(value: string, min: number, what: string, report: Report): string {
	const rounded = String(Math.max(Math.round(Number(value)), min));
	if (rounded !== value)
		report('ROUNDED', `${what} is ${rounded} instead of ${value}: only whole numbers are allowed.`);
	return rounded;
}

function asText(part: Kept): string {
	const prefixes = new Map<string, string>();
	if (part.ns !== undefined) prefixes.set(part.ns, '');
	addPrefixes(prefixes, [part]);
	const declared = [...prefixes].map(([ns, prefix]) => [`xmlns${prefix && `:${prefix}`}`, ns] as const);
	return writeXml(
		{ ...part, attributes: { ...Object.fromEntries(declared), ...part.attributes } },
		prefixes,
		'',
		part.ns === undefined,
	);
}

const isNumber = (text: string): boolean => /^\d+(\.\d+)?$/.test(text);

const childrenOf = ({ children = [] }: Kept): Kept[] => children.filter((child) => typeof child !== 'string');
