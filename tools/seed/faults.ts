import type { FaultKind, PlannedFault } from './race-day.js';
import { metresPerDegree } from './route.js';
import { SECOND, type Microseconds } from './timestamp.js';
import type { Fix } from './tracker.js';

/** A fix, and what is wrong with it. */
export interface PlantedFix {
	fix: Fix;
	fault: FaultKind | null;
}

const MINUTE = 60 * SECOND;
/** A GPS week counter has ten bits: a receiver that misses a rollover is wrong by this much. */
const ROLLOVER = 1024 * 7 * 24 * 60 * MINUTE;
/** A clock that is ahead; the odd microseconds keep the time clear of the tracker's own, right, fixes. */
const AHEAD = 37 * MINUTE + 417_311;
const LATE = 200 * MINUTE;
const JUMP_M = 6000;

/** One fix of a faulty stretch: what it follows, and its place in the stretch. */
interface Situation {
	/** The last fix before the stretch. */
	before: Fix;
	/** ts of the stretch's first fix. */
	from: Microseconds;
	/** 0 for the first fix of the stretch. */
	index: number;
	/** How many fixes the stretch has. */
	count: number;
}

const plant: Record<FaultKind, (fix: Fix, situation: Situation) => Fix> = {
	zero_coordinates: (fix) => ({ ...fix, latitude: 0, longitude: 0 }),
	jump: (fix) => ({
		...fix,
		latitude: Number((fix.latitude + JUMP_M / metresPerDegree(fix.latitude).north).toFixed(7)),
	}),
	frozen: (fix, { before }) => ({
		...fix,
		latitude: before.latitude,
		longitude: before.longitude,
		speed: Math.max(fix.speed, 20),
	}),
	longitude_sign: (fix) => ({ ...fix, longitude: -fix.longitude }),
	future: (fix, { index }) => ({ ...fix, ts: fix.ts + (index % 2 === 0 ? AHEAD : ROLLOVER) }),
	years_back: (fix, { index }) => ({ ...fix, ts: fix.ts - (index % 2 === 0 ? ROLLOVER : 2 * ROLLOVER) }),
	few_satellites: (fix, { index }) => ({ ...fix, satellites: 3 - (index % 3) }),
	// Without a fix a tracker repeats its last position, says 0 km/h, and the vehicle rides on.
	zero_speed_invalid_fix: (fix, { before }) => ({
		...fix,
		latitude: before.latitude,
		longitude: before.longitude,
		altitude: before.altitude,
		angle: 0,
		speed: 0,
		satellites: 0,
		attributes: { ...fix.attributes, valid: false },
	}),
	// Hours late, in one batch, the newest first.
	late_arrival: (fix, { from, index, count }) => ({ ...fix, received_at: from + LATE + (count - index) * 20_000 }),
};

/** Replaces the planned stretches of one tracker's fixes by faulty ones; the rest pass unchanged. */
export function* withFaults(fixes: Iterable<Fix>, faults: PlannedFault[]): Generator<PlantedFix> {
	let before: Fix | undefined;
	let from = 0;
	let second = 0;

	for (const fix of fixes) {
		const planned = faults.find(({ at_s, fixes: count }) => second >= at_s && second < at_s + count);

		if (planned === undefined || before === undefined) {
			before = fix;
			yield { fix, fault: null };
		} else {
			const index = second - planned.at_s;
			if (index === 0) from = fix.ts;
			const situation = { before, from, index, count: planned.fixes };
			yield { fix: plant[planned.kind](fix, situation), fault: planned.kind };
		}

		second++;
	}
}
