/**
 * Which fixes of a tracker look wrong, and why: a hint to the operator, never a decision (DOMAIN.md, "Tracker faults").
 * Pure, so that the endpoint, the module and the tests all mean the same thing by "suspect".
 */

import { markJumps } from './suspect-jumps.js';

export const SUSPECT_KINDS = [
	'zero_coordinates',
	'jump',
	'frozen',
	'longitude_sign',
	'future',
	'years_back',
	'few_satellites',
] as const;

export type SuspectKind = (typeof SUSPECT_KINDS)[number];

export interface SuspectReason {
	kind: SuspectKind;
	/** One English phrase with the figures that led to it. */
	detail: string;
}

/** What the checks look at of a row of `positions`. */
export interface Fix {
	/** ISO 8601 in UTC; microseconds are allowed, milliseconds are what is compared. */
	ts: string;
	latitude: number | null;
	longitude: number | null;
	/** km/h as reported */
	speed: number | null;
	satellites: number | null;
	received_at: string;
	faulty: boolean;
}

export interface SuspectLimits {
	/** km/h between two fixes; above the top speed of every class (a T1 car is limited to 170 km/h by the FIA) */
	ceilingKmh: number;
	/** metres; GPS noise and fixes a few milliseconds apart must not make a speed */
	leastJumpM: number;
	/** seconds between two fixes up to which the reported speed still says something about the way between them */
	reportedSpeedHoldsS: number;
	/** consistent fixes in a row after which a new place is believed, so that one bad reference does not spoil the rest */
	fixesToBelieve: number;
	/** satellites; a position in three dimensions and time takes four */
	leastSatellites: number;
	/** seconds a fix may lie after its arrival: clocks of tracker and server differ */
	futureToleranceS: number;
	/** days between fix and arrival; a tracker delivers hours late, days at the very worst, never a year */
	oldestDays: number;
}

export const DEFAULT_LIMITS: Readonly<SuspectLimits> = {
	ceilingKmh: 250,
	leastJumpM: 50,
	reportedSpeedHoldsS: 5,
	fixesToBelieve: 3,
	leastSatellites: 4,
	futureToleranceS: 60,
	oldestDays: 365,
};

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
