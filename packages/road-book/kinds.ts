/** The kinds of waypoints, in the order of docs/road-books.md: OpenRally's element, and the default radii in metres. */
export const KINDS = {
	WPV: { element: 'wpv', open: null, clear: 200 },
	WPE: { element: 'wpe', open: 1000, clear: 90 },
	WPM: { element: 'wpm', open: 800, clear: 90 },
	WPS: { element: 'wps', open: 1000, clear: 30 },
	WPN: { element: 'wpn', open: 800, clear: 200 },
	WPC: { element: 'wpc', open: null, clear: 300 },
	WPP: { element: 'wpp', open: 100, clear: 20 },
	DSS: { element: 'dss', open: 1000, clear: 200 },
	ASS: { element: 'ass', open: 800, clear: 90 },
	DZ: { element: 'dz', open: 1000, clear: 90 },
	FZ: { element: 'fz', open: 1000, clear: 90 },
	CP: { element: 'checkpoint', open: 1000, clear: 90 },
	DN: { element: 'neutralization', open: 1000, clear: 90 },
	FN: { element: 'fn', open: 1000, clear: 90 },
	DT: { element: 'dt', open: 1000, clear: 90 },
	FT: { element: 'ft', open: 1000, clear: 90 },
	TC: { element: 'timecontrol', open: null, clear: null },
	STOP: { element: 'stop', open: null, clear: null },
	FUEL: { element: 'fuel', open: null, clear: null },
} as const satisfies Record<string, { element: string; open: number | null; clear: number | null }>;

export type Kind = keyof typeof KINDS;

export interface Radii {
	open: number | null;
	clear: number | null;
}

/** An event's own default radii, by kind. */
export type DefaultRadii = Partial<Record<Kind, Radii>>;

export const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** Elements of the drafts that later versions dropped as duplicates. */
const ALIASES: Record<string, Kind> = {
	startspecialstage: 'DSS',
	finishspecialstage: 'ASS',
	startofzone: 'DZ',
	endofzone: 'FZ',
	waypointeclipse: 'WPE',
	waypointmasked: 'WPM',
	waypointsafety: 'WPS',
	passagecontrol: 'CP',
	stopcontrol: 'STOP',
	// The schemas announce that `neutralization` becomes `sn`.
	sn: 'DN',
	dn: 'DN',
};

const BY_ELEMENT = new Map<string, Kind>([
	...Object.entries(ALIASES),
	...ALL_KINDS.map((kind) => [KINDS[kind].element, kind] as const),
]);

export const kindOfElement = (name: string): Kind | undefined => BY_ELEMENT.get(name);

/**
 * The kinds that a symbol or type names: `WPM`, `wpm 12`, `DN/DZ`. None where it says anything else, as in `Flag, Blue`.
 */
export function kindsOfSymbol(text: string): Kind[] {
	const words: string[] = text.toUpperCase().match(/[A-Z]+|[^A-Z\s\d/,;+&|_.#-]+/g) ?? [];
	const kinds = words.filter((word): word is Kind => Object.hasOwn(KINDS, word));
	return kinds.length === words.length ? [...new Set(kinds)] : [];
}

/** Whether a radius is given for the kind in the rules: a box of such a kind has to be passed. */
export const hasRadius = (kind: Kind): boolean => KINDS[kind].clear !== null;

/** The radii of a box: its own, otherwise the widest of its kinds. */
export function radiiOf(
	box: { kinds: Kind[]; open_radius_m: number | null; validation_radius_m: number | null },
	defaults: DefaultRadii = {},
): Radii {
	const ofKinds = box.kinds.map((kind) => defaults[kind] ?? KINDS[kind]);
	return {
		open: box.open_radius_m ?? widest(ofKinds.map(({ open }) => open)),
		clear: box.validation_radius_m ?? widest(ofKinds.map(({ clear }) => clear)),
	};
}

export function widest(radii: (number | null | undefined)[]): number | null {
	const known = radii.filter((radius) => radius != null);
	return known.length === 0 ? null : Math.max(...known);
}
