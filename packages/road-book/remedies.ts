/** Why a file is refused, and what to do about it. */
export const ERRORS = {
	EMPTY_FILE: 'Export the file again; this one has no content.',
	TOO_LARGE: 'Split the file, or export it without its photos and drawings.',
	BAD_ENCODING: 'Save the file as UTF-8.',
	BAD_ARCHIVE: 'Export the KMZ again, or open it and import the KML inside.',
	ARCHIVE_LIMIT: 'Open the KMZ and import the KML inside.',
	WEB_PAGE: 'The download gave a web page: sign in where the file comes from, and download it again.',
	DOCTYPE: 'Remove the document type declaration (<!DOCTYPE …>). No road book needs one.',
	NOT_WELL_FORMED: 'Export the file again: it is damaged or cut off. A text editor shows the line.',
	XML_LIMIT: 'Export the route alone, without photos and recorded tracks.',
	UNKNOWN_FORMAT: 'Export the road book as GPX (OpenRally, 1.1 or 1.0), KML or KMZ.',
	UNKNOWN_UNITS: 'Write metric or statute into <units>, whichever the distances are in.',
	BAD_COORDINATES:
		'Correct lat and lon of this point: degrees with a decimal point, latitude up to 90, longitude up to 180.',
	TOO_MANY_BOXES: 'Export the road book of one stage, without other points of interest.',
	NOTHING_TO_READ: 'Export the file again with waypoints, a route or a track.',
} as const;

/** What a file is read with nevertheless, and what to look at. */
export const REMEDIES = {
	ENCODING_GUESSED: 'Look at names with accents. If they are wrong, save the file as UTF-8.',
	VERSION: 'Look at the boxes that have more than one kind. If anything is missing, export as OpenRally v1.0.3.',
	UNITS_CONVERTED: 'Nothing to do; check one distance and one speed limit.',
	UNKNOWN_ELEMENT:
		'Nothing to do if no box misses anything. The element is kept, and exported with the extended profile.',
	FOREIGN_ELEMENT: 'Nothing to do. The elements are kept, and exported with the extended profile.',
	INVALID_VALUE: 'Enter the value by hand. What the file says is kept.',
	DECIMAL_COMMA: 'Check one distance: 12,5 was read as 12.5.',
	DUPLICATE_ELEMENT: 'Check the box: the first one counts, the others are kept.',
	KIND_FROM_SYMBOL: 'Check the kinds: they were read from <sym> or <type>, because the file has no OpenRally element.',
	DURATION_FROM_TEXT: 'Check the duration: it was read from the description.',
	MINUTES_OR_SECONDS: 'Check the time in the road book. Neutralisations are in seconds, time controls in minutes.',
	DEFAULT_RADIUS: 'Enter a radius where the regulations give another one.',
	RADII_DIFFER: 'Check the radii: the box has the widest of its kinds.',
	LIMITS_DIFFER: 'Check the limit: <speed> counts, not the text of the zone.',
	KINDS_CONTRADICT: 'Make two boxes of it, or remove the kinds that are not in the road book.',
	DZ_WITHOUT_FZ: 'Add the end of the speed zone (FZ), or remove the DZ.',
	FZ_WITHOUT_DZ: 'Add the start of the speed zone (DZ), or remove the FZ.',
	DZ_WITHOUT_LIMIT: 'Enter the speed limit of the zone.',
	DN_WITHOUT_FN: 'Add the end of the neutralisation (FN), or remove the DN.',
	FN_WITHOUT_DN: 'Add the start of the neutralisation (DN), or remove the FN.',
	DT_WITHOUT_FT: 'Add the end of the transfer (FT), or remove the DT.',
	FT_WITHOUT_DT: 'Add the start of the transfer (DT), or remove the FT.',
	TWO_DSS: 'Add the finish (ASS) of the special before, or remove one DSS.',
	TWO_ASS: 'Add the start (DSS) of this special, or remove one ASS.',
	DSS_WITHOUT_ASS: 'Add the finish (ASS) of the special.',
	DISTANCES_SINCE_RESET: 'Nothing to do; check the distance of the last box.',
	DISTANCE_FALLS: 'Correct the distance, or add the reset of the odometer before it.',
	DISTANCE_ESTIMATED: 'Enter the distance of this box: the file does not give the way to it.',
	POINT_AT_ZERO: 'Enter the coordinates. A stage takes no box at 0/0.',
	RADII_OVERLAP: 'Make a radius smaller, or move a box, if a rider has to pass them one after the other.',
	STRAIGHT_LINE_TOO_LONG: 'Compare the coordinates of both boxes with the road book: a digit may be missing.',
	FAR_FROM_TRACK: 'Compare the coordinates of the box with the track: a digit may be missing.',
	DUPLICATE_BOX: 'Remove one of the two, or correct its number, name or place.',
	EMPTY_TRACK: 'Nothing to do if another segment has the track; otherwise export it again.',
	TRACKS_JOINED: 'Look at the line on the map. Export the route alone if a recorded track is in it.',
	TRACK_DETAILS_LEFT_OUT: 'Nothing to do. A stage needs the line, not when it was recorded.',
	ROUTE_LEFT_OUT: 'Nothing to do if track and waypoints are the course.',
	LEFT_OUT: 'Export with the extended profile if the recipient can read it.',
	ROUNDED: 'Export with the extended profile if the recipient can read it.',
} as const;

/** A book with one of these can be looked at, but not go into a stage. */
export const BLOCKING: readonly WarningCode[] = ['POINT_AT_ZERO'];

export type ErrorCode = keyof typeof ERRORS;
export type WarningCode = keyof typeof REMEDIES;
