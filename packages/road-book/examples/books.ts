import { ALL_KINDS } from '../kinds.js';
import type { RoadBook, Waypoint } from '../road-book.js';

/** The files here that can be read. */
export const EXAMPLES = [
	'every-element.gpx',
	'every-element-extended.gpx',
	'gpx-1.0.gpx',
	'no-namespace.gpx',
	'points-and-line.kml',
	'rally-navigator.gpx',
	'several-kinds-at-zero.gpx',
	'statute.gpx',
	'special-of-40-boxes.gpx',
	'tulip.gpx',
];

/** A book as a person may enter it: anything in any field, and nothing that an import kept. The same for the same seed. */
export function madeUpBook(seed: number): RoadBook {
	let state = seed;
	const next = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
	const perhaps = <Value>(value: Value): Value | null => (next(3) === 0 ? null : value);
	let distance = 0;

	const boxes = Array.from({ length: 1 + next(6) }, (_, index): Waypoint => {
		distance = Math.round((distance + 0.5 + next(4000) / 1000) * 1000) / 1000;
		return {
			box: next(3) === 0 ? next(900) : index + 1,
			kinds: ALL_KINDS.filter(() => next(8) === 0),
			name: perhaps([`Ford ${index}`, `${next(50)}`, 'a <b> & "c"', 'Gjirokastër'][next(4)] as string),
			lat: 41 + next(1e6) / 1e6,
			lon: 19 + next(1e6) / 1e6,
			open_radius_m: perhaps(next(2000) / 2 + 1),
			validation_radius_m: perhaps(next(400) / 2 + 1),
			distance_km: perhaps(distance),
			cap: perhaps(next(361)),
			danger: perhaps(1 + next(3)),
			limit_kmh: perhaps(5 + next(196)),
			duration_s: perhaps(next(2000)),
			allowed_s: perhaps(next(9000)),
			notes: perhaps(`Keep right${next(2) === 0 ? '\nat the well' : ' & on'}`),
			roadbook: null,
			line: null,
		};
	});

	return {
		name: perhaps('Stage <1>'),
		format: 'openrally',
		version: null,
		units: 'metric',
		distance_km: perhaps(distance),
		waypoints: boxes,
		track: next(2) === 0 ? [] : [[19.8, 41.3, 12.5], [19.9, 41.4], [-180, -90]], // prettier-ignore
		roadbook: {},
	};
}
