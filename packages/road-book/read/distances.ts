import { distance_m } from '../geo/distance.js';
import type { Findings } from '../problem.js';
import type { Waypoint } from '../road-book.js';
import { rounded } from './values.js';

/** A straight line may be so much longer than the way by the book: measuring errors of both. */
export const STRAIGHT_LINE_TOLERANCE_M = 100;

/**
 * Distances from the start of the book. Tulip writes them since the last reset of the odometer, others from the start although there
 * are resets. The former show by a distance that falls after a reset, or that is too short for the straight line.
 */
export function readDistances(boxes: Waypoint[], findings: Findings): Waypoint[] {
	const since = countSinceReset(boxes);
	const result: Waypoint[] = [];
	/** What has to be added to a distance as written. */
	let offset = 0;
	let last: { box: Waypoint; written: number; total: number } | null = null;
	let reset: number | null = null;
	let counted = 0;

	for (const box of boxes) {
		const written = box.distance_km;
		let total: number | null = null;

		if (written !== null) {
			if (since && last && reset !== null) {
				offset = last.total - reset;
				reset = null;
			} else if (last && written < last.written) {
				offset = fallen(last, box, since, offset, findings);
			}

			total = rounded(written + offset);
			last = { box, written, total };
		}

		const own = box.roadbook?.reset;
		if (own && since) {
			// The next distance is counted from here; a box without one lies where the box before it does.
			reset = own.km;
			counted++;
			if (written === null) last = last && { ...last, box };
		}

		const roadbook = own && since ? { ...box.roadbook, reset: { ...own, since: true as const } } : box.roadbook;
		result.push({ ...box, distance_km: total, roadbook });
	}

	if (counted > 0) {
		findings.warn('DISTANCES_SINCE_RESET', `Distances were counted on over ${counted} resets of the odometer.`);
	}

	return result;
}

/** The offset after a distance that is smaller than the one before, without a reset before it. */
function fallen(
	last: { box: Waypoint; written: number; total: number },
	box: Waypoint,
	since: boolean,
	offset: number,
	findings: Findings,
): number {
	const written = box.distance_km as number;

	if (since && box.roadbook?.reset?.km === written) {
		const straight = rounded(distance_m(last.box, box) / 1000);
		const message = `The odometer stands at ${written} km at its own reset; the straight line was added.`;
		findings.warn('DISTANCE_ESTIMATED', message, box.line, box.box);
		return last.total + straight - written;
	}

	const message = `The distance falls from ${last.written} km at box ${last.box.box} to ${written} km.`;
	findings.warn('DISTANCE_FALLS', message, box.line, box.box);
	return offset;
}

function countSinceReset(boxes: Waypoint[]): boolean {
	const measured = boxes.filter(({ distance_km, roadbook }) => distance_km !== null || roadbook?.reset);

	return measured.some((box, index) => {
		const reset = box.roadbook?.reset;
		const [previous, next] = [measured[index - 1], measured[index + 1]];
		if (!reset) return false;
		if (reset.since) return true;
		const from = box.distance_km;
		if (from === null) return false;
		// Mostly the odometer is written as it stands before the reset; here as after it.
		if (from === reset.km && from < (previous?.distance_km ?? 0)) return true;
		if (next?.distance_km == null) return false;
		if (next.distance_km < from) return true;

		const straight = distance_m(box, next) - STRAIGHT_LINE_TOLERANCE_M;
		return (next.distance_km - from) * 1000 < straight && (next.distance_km - reset.km) * 1000 >= straight;
	});
}
