import { distance_m, isAtZero } from '../geo/distance.js';
import { TrackIndex } from '../geo/track-index.js';
import type { Findings } from '../problem.js';
import { STRAIGHT_LINE_TOLERANCE_M } from '../read/distances.js';
import type { RoadBook, Waypoint } from '../road-book.js';

/** A box may lie so far from the track. */
const TRACK_TOLERANCE_M = 200;
/** Boxes between two pauses. */
const BATCH = 20;

/**
 * Boxes without coordinates, and the gross check: no way is shorter than the straight line, and boxes lie at the track. It would have
 * found the waypoint that moved by hundreds of metres because a trailing zero was lost between two systems.
 */
export function* checkPlaces({ waypoints, track }: RoadBook, findings: Findings): Generator<void, void> {
	const index = new TrackIndex(track);
	let previous: Waypoint | null = null;

	for (const [at, box] of waypoints.entries()) {
		if (at % BATCH === BATCH - 1) yield;

		if (isAtZero(box)) {
			findings.warn('POINT_AT_ZERO', 'The box is at latitude 0, longitude 0.', box.line, box.box);
			continue;
		}

		if (previous) checkLeg(previous, box, findings);
		if (box.distance_km !== null) previous = box;

		const off = track.length === 0 ? 0 : index.distance_m(box);
		if (off <= TRACK_TOLERANCE_M) continue;
		findings.warn('FAR_FROM_TRACK', `The box is ${Math.round(off)} m from the track.`, box.line, box.box);
	}
}

function checkLeg(from: Waypoint, to: Waypoint, findings: Findings): void {
	if (from.distance_km === null || to.distance_km === null) return;
	const book = (to.distance_km - from.distance_km) * 1000;
	const straight = distance_m(from, to);
	// A distance that falls has its own warning.
	if (book < 0 || straight <= book + STRAIGHT_LINE_TOLERANCE_M) return;
	const message = `${Math.round(straight)} m in a straight line from box ${from.box}, but ${Math.round(book)} m by the book.`;
	findings.warn('STRAIGHT_LINE_TOO_LONG', message, to.line, to.box);
}
