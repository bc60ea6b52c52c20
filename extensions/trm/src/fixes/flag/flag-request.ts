import { z } from 'zod';
import { contentTooLarge, invalidPayload } from '../../lib/errors.js';
import { deviceId } from '../device-id.js';
import { LONGEST_REASON, MOST_POSITIONS, MOST_RANGES } from '../limits.js';
import type { TimeRange } from '../time-range.js';
import { timestamp } from '../../lib/timestamp.js';
import { problemsOf } from '../../lib/zod-problems.js';

/** The fixes of one device that a call names: by key (sorted, no repeats) or by range (sorted, disjoint). */
export type FlagTarget = { deviceId: string } & ({ keys: string[] } | { ranges: TimeRange[] });

export interface FlagRequest {
	faulty: boolean;
	reason: string | null;
	/** One for each device, in the order of their ids. */
	targets: FlagTarget[];
}

const reason = z
	.string()
	.max(LONGEST_REASON)
	.refine((text) => !text.includes('\0') && text.isWellFormed(), 'must be text without NUL characters')
	.nullish();

const range = z
	.strictObject({ device_id: deviceId, from: timestamp, to: timestamp })
	.refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than "from"' });

const body = z
	.strictObject({
		faulty: z.boolean().default(true),
		reason,
		positions: z
			.array(z.strictObject({ device_id: deviceId, ts: timestamp }))
			.min(1)
			.optional(),
		ranges: z.array(range).min(1).optional(),
	})
	.refine(({ positions, ranges }) => (positions === undefined) !== (ranges === undefined), {
		message: 'give exactly one of "positions" and "ranges"',
	});

/**
 * Reads the body of `POST /positions/flag-faulty`.
 * @throws an array of 400 INVALID_PAYLOAD errors, one for each problem, or a 413 CONTENT_TOO_LARGE.
 */
export function parseFlagRequest(input: unknown): FlagRequest {
	refuseOversized(input);

	const parsed = body.safeParse(input);
	if (!parsed.success) throw invalidPayload(problemsOf(parsed.error));

	const { faulty, reason, positions, ranges } = parsed.data;
	const targets = positions === undefined ? rangeTargets(ranges ?? []) : keyTargets(positions);

	return { faulty, reason: reason?.trim() ? reason : null, targets };
}

/** Counted before anything is validated: an oversized call is answered at once and as what it is. */
function refuseOversized(input: unknown): void {
	if (typeof input !== 'object' || input === null) return;
	const { positions, ranges } = input as { positions?: unknown; ranges?: unknown };

	if (Array.isArray(positions) && positions.length > MOST_POSITIONS) {
		throw contentTooLarge(`At most ${MOST_POSITIONS} positions a call: send several calls, or a range.`);
	}

	if (Array.isArray(ranges) && ranges.length > MOST_RANGES) {
		throw contentTooLarge(`At most ${MOST_RANGES} ranges a call: send several calls.`);
	}
}

function keyTargets(positions: { device_id: string; ts: string }[]): FlagTarget[] {
	return byDevice(positions).map(([deviceId, keys]) => ({
		deviceId,
		keys: [...new Set(keys.map(({ ts }) => ts))].sort(),
	}));
}

function rangeTargets(ranges: (TimeRange & { device_id: string })[]): FlagTarget[] {
	return byDevice(ranges).map(([deviceId, own]) => ({ deviceId, ranges: mergeRanges(own) }));
}

/** Devices in the order of their ids: two calls that name the same devices lock them in the same order. */
function byDevice<T extends { device_id: string }>(entries: T[]): [string, T[]][] {
	return [...Map.groupBy(entries, ({ device_id }) => device_id)].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** From the first to the last fix that a target names. */
export function windowOf(target: FlagTarget): { from: string; to: string } {
	return 'keys' in target
		? { from: target.keys[0] as string, to: target.keys.at(-1) as string }
		: { from: target.ranges[0]?.from as string, to: target.ranges.at(-1)?.to as string };
}

/** Joins overlapping and touching ranges, so that no fix is counted twice. */
export function mergeRanges(ranges: TimeRange[]): TimeRange[] {
	const sorted = ranges.map(({ from, to }) => ({ from, to })).sort((a, b) => (a.from < b.from ? -1 : 1));
	const merged: TimeRange[] = [];

	for (const next of sorted) {
		const last = merged.at(-1);

		if (last !== undefined && next.from <= last.to) {
			if (next.to > last.to) last.to = next.to;
		} else {
			merged.push(next);
		}
	}

	return merged;
}
