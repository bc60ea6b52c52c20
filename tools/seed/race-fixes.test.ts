import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { SUSPECT_KINDS, type SuspectKind } from '../../extensions/trm/src/fixes/suspects/fix.js';
import { findSuspects } from '../../extensions/trm/src/fixes/suspects/suspect-fixes.js';
import { haversineM } from '../../extensions/trm/src/fixes/suspects/suspect-jumps.js';
import type { PlantedFix } from './faults.js';
import { manifestOf } from './manifest.js';
import { FAULT_KINDS } from './race-day.js';
import { raceFixesOf, trackersOf, type Tracker } from './race-fixes.js';
import { readSeed } from './read-seed.js';
import type { Seed } from './seed.js';
import { isoOf, SECOND } from './timestamp.js';

const SEED = fileURLToPath(new URL('../../seeds/rally-albania-2026', import.meta.url));
const HOUR = 3600 * SECOND;

let seed: Seed;
let trackers: Tracker[];
let fixesOf: ReturnType<typeof raceFixesOf>;
let suspects: Map<Tracker, Map<PlantedFix, SuspectKind[]>>;

beforeAll(async () => {
	seed = await readSeed(SEED);
	trackers = trackersOf(seed);
	fixesOf = raceFixesOf(seed);
	suspects = new Map(trackers.map((tracker) => [tracker, suspectsIn(all(tracker))]));
});

const made = new Map<string, PlantedFix[]>();

/** A tracker's fixes, made once for all the tests. */
function all(tracker: Tracker, fixesPerDevice?: number): PlantedFix[] {
	const name = `${tracker.deviceId} ${fixesPerDevice}`;
	const fixes = made.get(name) ?? [...fixesOf(tracker, fixesPerDevice === undefined ? {} : { fixesPerDevice })];
	made.set(name, fixes);
	return fixes;
}

const trackerOf = (raceNumber: number, role = 'primary'): Tracker =>
	trackers.find((one) => one.raceNumber === raceNumber && one.role === role) as Tracker;

/** What Race Control would mark in these fixes. */
function suspectsIn(planted: PlantedFix[]): Map<PlantedFix, SuspectKind[]> {
	const byTime = [...planted].sort((a, b) => a.fix.ts - b.fix.ts);
	const found = findSuspects(
		byTime.map(({ fix }) => ({ ...fix, ts: isoOf(fix.ts), received_at: isoOf(fix.received_at), faulty: false })),
	);

	return new Map(byTime.map((one, index) => [one, (found[index] ?? []).map(({ kind }) => kind)]));
}

describe('the race day', () => {
	it('is the same each time', async () => {
		const again = raceFixesOf(await readSeed(SEED));
		expect([...again(trackerOf(301), {})]).toEqual(all(trackerOf(301)));
	});

	it('only grows at the end, so that a small load can be followed by a large one', () => {
		expect(all(trackerOf(2), 3000).slice(0, 700)).toEqual(all(trackerOf(2), 700));
	});

	it('lets the first entries ride alone on request', () => {
		expect(new Set(trackersOf(seed, 3).map(({ raceNumber }) => raceNumber))).toEqual(new Set([1, 2, 3]));
		expect(trackersOf(seed, 0)).toEqual([]);
		expect(all(trackerOf(1), 0)).toEqual([]);
	});

	it('repeats no key of positions', () => {
		for (const tracker of trackers) {
			const times = all(tracker).map(({ fix }) => fix.ts);
			expect(new Set(times).size, tracker.deviceId).toBe(times.length);
		}
	});

	it('has about one fix a second, some with microseconds', () => {
		const steps: number[] = [];
		let withMicroseconds = 0;

		for (const tracker of trackers) {
			let last: number | undefined;

			for (const { fix } of all(tracker).filter(({ fault }) => fault === null)) {
				if (last !== undefined) steps.push(fix.ts - last);
				if (fix.ts % 1000 !== 0) withMicroseconds++;
				last = fix.ts;
			}
		}

		const regular = steps.filter((step) => step > 0.99 * SECOND && step < 1.01 * SECOND);
		// The holes are the stretches of faulty fixes.
		expect(steps.length - regular.length).toBe(seed.raceDay.faults.length);
		expect(withMicroseconds).toBeGreaterThan(10_000);
	});

	it('stays on the route, below the ceiling of the vehicle, and arrives after it was sent', () => {
		for (const tracker of [1, 101, 301, 401].map((number) => trackerOf(number))) {
			const ceiling = seed.raceDay.vehicles[tracker.kind].max_kmh * 1.1 + 5;

			const strays = all(tracker).filter(
				({ fix, fault }) =>
					fault === null &&
					!(
						fix.latitude > 40.4 &&
						fix.latitude < 41.4 &&
						fix.longitude > 19.7 &&
						fix.longitude < 20.9 &&
						fix.altitude > 0 &&
						fix.speed < ceiling &&
						fix.satellites >= 4 &&
						fix.received_at > fix.ts
					),
			);

			expect(strays).toEqual([]);
		}
	});

	it('is ridden to the finish when it is long enough, and ends there', () => {
		const day = all(trackerOf(1), 24 * 3600);
		const finish = seed.route.at(seed.route.length);
		const last = (day.at(-1) as PlantedFix).fix;

		expect(day.length).toBeGreaterThan(3 * 3600);
		expect(day.length).toBeLessThan(8 * 3600);
		expect(haversineM(last, finish)).toBeLessThan(30);
		expect(last.speed).toBe(0);
	});

	it('has batches that come minutes late, as out of coverage', () => {
		const late = trackers
			.flatMap((tracker) => all(tracker))
			.filter(({ fix, fault }) => fault === null && fix.received_at - fix.ts > 60 * SECOND);

		expect(late.length).toBeGreaterThan(1000);
	});

	it('looks unsuspicious but for what was planted', () => {
		for (const tracker of trackers) {
			const innocent = [...(suspects.get(tracker) ?? [])].filter(
				([{ fault }, kinds]) => fault === null && kinds.length > 0,
			);
			expect(innocent.map(([{ fix }, kinds]) => [tracker.raceNumber, isoOf(fix.ts), kinds])).toEqual([]);
		}
	});
});

describe('the planted faults', () => {
	it('are those of the manifest', async () => {
		const committed = await readFile(`${SEED}/faults.csv`, 'utf8');
		expect(manifestOf(seed), 'run: scripts/trm seed faults seeds/rally-albania-2026').toBe(committed);

		const planted = trackers.flatMap((tracker) =>
			all(tracker)
				.filter(({ fault }) => fault !== null)
				.map(({ fix, fault }) => `${fix.device_id},${isoOf(fix.ts)},${fault},${tracker.raceNumber}`),
		);

		expect(planted).toEqual(committed.trimEnd().split('\n').slice(1));
	});

	it('are of every kind, also in a small load of five entries and ten minutes', () => {
		const small = trackersOf(seed, 5).flatMap((tracker) => all(tracker, 600));
		expect(new Set(small.map(({ fault }) => fault))).toEqual(new Set([null, ...FAULT_KINDS]));
	});

	it('leave race number 1 clean', () => {
		expect(all(trackerOf(1)).every(({ fault }) => fault === null)).toBe(true);
	});

	it('are what Race Control marks as suspect, each by its own kind', () => {
		for (const tracker of trackers) {
			for (const [{ fix, fault }, kinds] of suspects.get(tracker) ?? []) {
				if (fault === null || !SUSPECT_KINDS.some((kind) => kind === fault)) continue;
				expect(kinds, `${fault} of ${tracker.raceNumber} at ${isoOf(fix.ts)}`).toContain(fault);
			}
		}
	});

	it('include a speed of 0 without a fix while the vehicle rides on', () => {
		const fixes = all(trackerOf(5));
		const first = fixes.findIndex(({ fault }) => fault === 'zero_speed_invalid_fix');
		const stretch = fixes.filter(({ fault }) => fault === 'zero_speed_invalid_fix');
		const before = (fixes[first - 1] as PlantedFix).fix;
		const after = (fixes[first + stretch.length] as PlantedFix).fix;

		expect(stretch.every(({ fix }) => fix.speed === 0 && fix.satellites === 0)).toBe(true);
		expect(haversineM(before, after)).toBeGreaterThan(50);
	});

	it('include fixes that come hours late, the newest first', () => {
		const late = all(trackerOf(5)).filter(({ fault }) => fault === 'late_arrival');
		const arrivals = late.map(({ fix }) => fix.received_at);

		expect(late.every(({ fix }) => fix.received_at - fix.ts > 3 * HOUR)).toBe(true);
		expect(arrivals).toEqual([...arrivals].sort((a, b) => b - a));
	});
});
