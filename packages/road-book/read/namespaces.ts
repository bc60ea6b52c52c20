/** Namespaces are compared by URI. A prefix says nothing: files with others than the usual ones occur. */

export const GPX = 'http://www.topografix.com/GPX/1/1';
/** The newest published version: what is written. */
export const OPENRALLY = 'http://www.openrally.org/xmlschemas/GpxExtensions/v1.0.3';
/** What neither GPX nor OpenRally can say of a box; only the extended profile writes it. */
export const OWN = 'urn:trm:road-book:1';
export const KML = 'http://www.opengis.net/kml/2.2';

const PUBLISHED = ['v1.0.0', 'v1.0.2', 'v1.0.3'];

/** GPX of any version; files without a namespace are common. */
export const isGpx = (ns: string): boolean =>
	ns === GPX || ns === '' || /^https?:\/\/www\.topografix\.com\/GPX\/\d/.test(ns);

/** `http://www.opengis.net/kml/2.2`, and Google's before it: `http://earth.google.com/kml/2.1`. */
export const isKml = (ns: string): boolean =>
	ns === '' || /^https?:\/\/(www\.opengis\.net|earth\.google\.com)\/kml\//.test(ns);

const OPENRALLY_URI = /^https?:\/\/(?:www\.)?openrally\.org\/xmlschemas\/(?:GpxExtensions\/)?(.+?)\/?$/;

/** The version that a namespace of OpenRally names, as it is there: `v1.0.3`, `OpenRally/1.0`; null for any other namespace. */
export const openRallyVersion = (ns: string): string | null => OPENRALLY_URI.exec(ns)?.[1] ?? null;

/** v1.0.1 is a tag whose schema still says v1.0.0, so no file should name it; all others are drafts or invented. */
export const isPublished = (version: string): boolean => PUBLISHED.includes(version);

/** For what is kept: GPX and OpenRally of every version become those that are written. */
export const asGpx = (ns: string): string => (isGpx(ns) ? GPX : ns);
export const asOpenRally = (ns: string): string => (openRallyVersion(ns) === null ? ns : OPENRALLY);
