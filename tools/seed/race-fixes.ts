import { withFaults, type PlantedFix } from './faults.js';
import type { PlannedFault, VehicleKind } from './race-day.js';
import type { Seed, SeedRow } from './seed.js';
import { randomOf } from './random.js';
import { ceilingOf, rideOf } from './ride.js';
import { SECOND } from './timestamp.js';
import { fixesOf } from './tracker.js';

/** A tracker in a vehicle on race day. */
export interface Tracker {
	deviceId: string;
	raceNumber: number;
	role: PlannedFault['tracker'];
	kind: VehicleKind;
	/** The entry's place in the start order, from 0. */
	startOrder: number;
}

/** How much to make; what is not given is as race-day.yaml says. */
export interface FixSize {
	/** Only the first entries ride. */
	entries?: number;
	fixesPerDevice?: number;
}

/** The entries of the seed's own event, in start order: only they have a race day. */
export function startersOf(seed: Seed): SeedRow[] {
	return (seed.rows.get('entries') ?? []).filter(({ references }) => references['event']?.fields['slug'] === seed.name);
}

/** The trackers of the race day, in start order. */
export function trackersOf(seed: Seed, entries?: number): Tracker[] {
	const assignments = seed.rows.get('entry_devices') ?? [];

	return startersOf(seed)
		.slice(0, entries)
		.flatMap((entry, startOrder) =>
			assignments
				.filter(({ references }) => references['entry'] === entry)
				.map(({ fields }) => ({
					deviceId: String(fields['device']),
					raceNumber: Number(entry.fields['race_number']),
					role: fields['role'] as Tracker['role'],
					kind: entry.references['vehicle']?.fields['kind'] as VehicleKind,
					startOrder,
				})),
		);
}

/**
 * The fixes of one tracker in the order of its own clock. A larger size only adds fixes at the end, so that a small load can be
 * followed by a large one.
 */
export function raceFixesOf(seed: Seed): (tracker: Tracker, size: FixSize) => Generator<PlantedFix> {
	const { raceDay, route } = seed;
	const ceilings = new Map<VehicleKind, Float64Array>();

	return function* (tracker, size) {
		const limits = raceDay.vehicles[tracker.kind];
		const ceiling = ceilings.get(tracker.kind) ?? ceilingOf(route, limits);
		ceilings.set(tracker.kind, ceiling);

		const firstFixAt =
			raceDay.first_start_at.getTime() * 1000 +
			(tracker.startOrder * raceDay.start_interval_s - raceDay.before_start_s) * SECOND;

		// Two trackers of an entry share its ride, and nothing else.
		const pace = randomOf(raceDay.random_seed, 'entry', tracker.raceNumber);
		const ride = rideOf(route, ceiling, limits, pace, raceDay.before_start_s);
		const noise = randomOf(raceDay.random_seed, 'device', tracker.deviceId);
		const faults = raceDay.faults.filter(
			(fault) => fault.race_number === tracker.raceNumber && fault.tracker === tracker.role,
		);

		yield* first(
			size.fixesPerDevice ?? fixesIn(raceDay.hours),
			withFaults(fixesOf(tracker.deviceId, ride, route, noise, firstFixAt), faults),
		);
	};
}

/** At 1 Hz. */
export function fixesIn(hours: number): number {
	return Math.round(hours * 3600);
}

function* first<T>(count: number, items: Iterable<T>): Generator<T> {
	if (count <= 0) return;
	let taken = 0;

	for (const item of items) {
		yield item;
		if (++taken >= count) return;
	}
}
