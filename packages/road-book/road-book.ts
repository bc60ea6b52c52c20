import type { Kind } from './kinds.js';

/** Degrees on WGS 84, longitude first as in GeoJSON; the height in metres. */
export type Position = [lon: number, lat: number] | [lon: number, lat: number, ele: number];

/** A road book. All values are metric, whatever the file was written in. */
export interface RoadBook {
	name: string | null;
	format: 'openrally' | 'gpx' | 'kml';
	/** of OpenRally where the file has any (`v1.0.3`), otherwise of GPX (`1.1`) or KML (`2.2`); null where the file names none */
	version: string | null;
	/** The units of the file, before they were converted. */
	units: 'metric' | 'statute';
	/** Length of the route as the file gives it. */
	distance_km: number | null;
	/** In the order of the file. */
	waypoints: Waypoint[];
	track: Position[];
	/** Metadata and elements of the whole file that have no field here. */
	roadbook: BookExtras;
}

/** A box of the road book. The names are those of the collection `waypoints`. */
export interface Waypoint {
	/** number in the road book */
	box: number;
	/** None: a note that validates nothing. */
	kinds: Kind[];
	name: string | null;
	lat: number;
	lon: number;
	/** null: the default of its kinds */
	open_radius_m: number | null;
	/** null: the default of its kinds */
	validation_radius_m: number | null;
	/** from the start of the book, not from the last reset */
	distance_km: number | null;
	/** degrees from north, 0 to 360 */
	cap: number | null;
	danger: number | null;
	limit_kmh: number | null;
	/** of DN, DT or a stop */
	duration_s: number | null;
	/** from this time control to the next one */
	allowed_s: number | null;
	notes: string | null;
	/** JSON: whatever else the file said of this box. */
	roadbook: BoxExtras | null;
	/** in the file; null for a box that came from elsewhere */
	line: number | null;
}

/** A box that came from no file: of a stage, perhaps with an id of its own. */
export type Box = Omit<Waypoint, 'line'>;

/** An element that this package does not interpret, as it was. */
export interface Kept {
	/** URI; missing for an element without a namespace */
	ns?: string;
	name: string;
	/** By name; an attribute with a namespace as `{uri}name`. */
	attributes?: Record<string, string>;
	children?: (string | Kept)[];
}

export interface BookExtras {
	/** Children of `<metadata>`. */
	metadata?: Kept[];
	/** Elements of the extensions of the whole file. */
	elements?: Kept[];
}

/** What the fields of a box cannot hold. A key is missing where there is nothing to keep. */
export interface BoxExtras {
	/** The number as it was written, where that is not how JavaScript writes it: `007`. */
	number?: string;
	/** What the file said of a kind, where the fields of the box do not say it. */
	kinds?: KindDetail[];
	/** `medical`, `show_coordinates` and the like. */
	markers?: string[];
	/** The odometer is set to this value here; `since`: the file counted the distances that follow from here. */
	reset?: { km: number; since?: true };
	/** Children of `<wpt>`. */
	gpx?: Kept[];
	/** Drawings, and elements that are unknown or foreign. */
	elements?: Kept[];
}

export interface KindDetail {
	kind: Kind;
	name?: string;
	text?: string;
	/** metres */
	open?: number;
	/** metres */
	clear?: number;
	/** null: this kind has no duration, although the box has one of another kind */
	seconds?: number | null;
	attributes?: Record<string, string>;
}
