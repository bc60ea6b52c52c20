import { z } from 'zod';
import { VEHICLE_KINDS } from '../../packages/event-contract/collections.js';
import { SUSPECT_KINDS } from '../../extensions/trm/src/fixes/suspects/fix.js';

export type VehicleKind = (typeof VEHICLE_KINDS)[number];

/** What a tracker does wrong, in the words of the suspects' reasons, and two faults that no single fix shows (docs/seed.md). */
export const FAULT_KINDS = [...SUSPECT_KINDS, 'zero_speed_invalid_fix', 'late_arrival'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const limits = z.strictObject({
	max_kmh: z.number().positive().max(250),
	lateral: z.number().positive().max(15),
	accelerate: z.number().positive().max(15),
	brake: z.number().positive().max(15),
});

const fault = z.strictObject({
	race_number: z.int().positive(),
	tracker: z.enum(['primary', 'backup']),
	kind: z.enum(FAULT_KINDS),
	// From 1 on: some faults repeat the fix before them.
	at_s: z.int().min(1),
	fixes: z.int().min(1).max(3600),
});

/** race-day.yaml: how the fixes are made. */
export const raceDaySchema = z
	.strictObject({
		random_seed: z.int(),
		route: z.string().regex(/^[^/\\]+\.gpx$/, 'must name a .gpx file in the same directory'),
		first_start_at: z.date({ error: 'must be a time such as 2026-06-07T06:00:00Z' }),
		start_interval_s: z.int().min(0),
		before_start_s: z.int().min(0),
		hours: z.number().positive().max(24),
		vehicles: z.strictObject(
			Object.fromEntries(VEHICLE_KINDS.map((kind) => [kind, limits])) as Record<VehicleKind, typeof limits>,
		),
		faults: z.array(fault),
	})
	.superRefine(({ faults }, context) => {
		for (const [index, one] of faults.entries()) {
			const other = faults.findIndex(
				(earlier, at) =>
					at < index &&
					earlier.race_number === one.race_number &&
					earlier.tracker === one.tracker &&
					earlier.at_s < one.at_s + one.fixes &&
					one.at_s < earlier.at_s + earlier.fixes,
			);

			if (other >= 0) {
				context.addIssue({ code: 'custom', path: ['faults', index], message: `overlaps faults[${other}]` });
			}
		}
	});

export type RaceDay = z.output<typeof raceDaySchema>;
export type VehicleLimits = z.output<typeof limits>;
export type PlannedFault = z.output<typeof fault>;
