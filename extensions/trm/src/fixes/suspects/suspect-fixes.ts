/**
 * Which fixes of a tracker look wrong, and why: a hint to the operator, never a decision (DOMAIN.md, "Tracker faults").
 * Pure, so that the endpoint, the module and the tests all mean the same thing by "suspect".
 */

import { DEFAULT_LIMITS, type Fix, type SuspectLimits, type SuspectReason } from './fix.js';
import { markJumps } from './suspect-jumps.js';

/**
 * @param fixes fixes of one device, ascending by ts. Some that precede those of interest give the first ones a context.
 * @returns the reasons for each fix, in the same order; empty for a fix without suspicion.
 */
export function findSuspects(
	fixes: readonly Fix[],
	limits: Readonly<SuspectLimits> = DEFAULT_LIMITS,
): SuspectReason[][] {
	const reasons = fixes.map((fix): SuspectReason[] => [
		...checkTime(fix, limits),
		...checkCoordinates(fix),
		...checkSatellites(fix, limits),
	]);

	markFrozen(fixes, reasons);
	markJumps(fixes, reasons, limits);
	return reasons;
}

function checkTime(fix: Fix, limits: Readonly<SuspectLimits>): SuspectReason[] {
	const aheadS = (Date.parse(fix.ts) - Date.parse(fix.received_at)) / 1000;

	if (aheadS > limits.futureToleranceS) {
		return [{ kind: 'future', detail: `${duration(aheadS)} later than its arrival` }];
	}

	if (-aheadS > limits.oldestDays * 86_400) {
		return [{ kind: 'years_back', detail: `${duration(-aheadS)} before its arrival` }];
	}

	return [];
}

function checkCoordinates({ latitude, longitude }: Fix): SuspectReason[] {
	if (latitude === null || longitude === null) return [{ kind: 'zero_coordinates', detail: 'no coordinates' }];

	if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
		return [{ kind: 'zero_coordinates', detail: `${latitude}, ${longitude} is no place on Earth` }];
	}

	// A receiver without a fix sends zeros, some with noise in the last digits; the sea off Ghana has no rally.
	if (Math.abs(latitude) < 0.001 && Math.abs(longitude) < 0.001) {
		return [{ kind: 'zero_coordinates', detail: 'coordinates 0, 0' }];
	}

	return [];
}

function checkSatellites({ satellites }: Fix, limits: Readonly<SuspectLimits>): SuspectReason[] {
	if (satellites === null || satellites >= limits.leastSatellites) return [];
	return [{ kind: 'few_satellites', detail: `${satellites} satellites, ${limits.leastSatellites} are needed` }];
}

/** The first fix at a place is what the tracker last knew; only its repetitions are frozen, and only while it claims to move. */
function markFrozen(fixes: readonly Fix[], reasons: SuspectReason[][]): void {
	let since: Fix | null = null;

	fixes.forEach((fix, index) => {
		// Zeros repeat as well: they have their own reason.
		if (reasons[index]?.some(({ kind }) => kind === 'zero_coordinates')) return;

		if (since === null || since.latitude !== fix.latitude || since.longitude !== fix.longitude) {
			since = fix;
		} else if (fix.speed !== null && fix.speed > 0) {
			const heldS = (Date.parse(fix.ts) - Date.parse(since.ts)) / 1000;
			reasons[index]?.push({
				kind: 'frozen',
				detail: `same place for ${duration(heldS)} at a reported ${round(fix.speed)} km/h`,
			});
		}
	});
}

/** A length of time as a person says it, in its largest unit. */
function duration(seconds: number): string {
	const units = [
		[365.25 * 86_400, 'years'],
		[86_400, 'days'],
		[3600, 'h'],
		[60, 'min'],
	] as const;

	for (const [size, unit] of units) {
		if (seconds >= 2 * size) return `${round(seconds / size)} ${unit}`;
	}

	return `${round(seconds)} s`;
}

/** One decimal below ten, none above: 4.2, 312. */
function round(value: number): string {
	return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
