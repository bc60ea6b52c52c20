import { MOST_POSITIONS, MOST_RANGES } from '../fixes/limits.js';
import { microsecondAfter } from './event-time.js';
import type { FlagCall, TrackFix } from './types.js';

export type FlagPlan =
	| { kind: 'keys'; positions: NonNullable<FlagCall['positions']> }
	| { kind: 'ranges'; ranges: NonNullable<FlagCall['ranges']> }
	| { kind: 'refused' };

/**
 * How a selection is sent: by key as long as that fits in one call, as it takes exactly what the operator saw; as
 * ranges when it does not, one for each stretch of the track without a gap.
 */
export function planFlag(
	deviceId: string,
	fixes: readonly TrackFix[],
	selected: ReadonlySet<number>,
	asRange = false,
): FlagPlan {
	const indices = [...selected].sort((a, b) => a - b);
	const tsOf = (index: number) => fixes[index]?.ts ?? '';

	if (!asRange && indices.length <= MOST_POSITIONS) {
		return { kind: 'keys', positions: indices.map((index) => ({ device_id: deviceId, ts: tsOf(index) })) };
	}

	const stretches = findStretches(indices);
	if (stretches.length > MOST_RANGES) return { kind: 'refused' };

	return {
		kind: 'ranges',
		ranges: stretches.map(([first, last]) => ({
			device_id: deviceId,
			from: tsOf(first),
			to: microsecondAfter(tsOf(last)),
		})),
	};
}

/** Runs of consecutive indices as [first, last]. */
export function findStretches(indices: readonly number[]): [number, number][] {
	const stretches: [number, number][] = [];

	for (const index of indices) {
		const current = stretches.at(-1);
		if (current && index === current[1] + 1) current[1] = index;
		else stretches.push([index, index]);
	}

	return stretches;
}

/** The call that takes a flag back, or null for an item that holds neither keys nor ranges. */
export function planUndo(
	flag: { faulty: boolean; keys: string[] | null; ranges: { from: string; to: string }[] | null },
	deviceId: string,
	reason: string | null,
): FlagCall | null {
	const call = { faulty: !flag.faulty, reason };
	if (flag.keys?.length) return { ...call, positions: flag.keys.map((ts) => ({ device_id: deviceId, ts })) };
	if (flag.ranges?.length) {
		return { ...call, ranges: flag.ranges.map(({ from, to }) => ({ device_id: deviceId, from, to })) };
	}

	return null;
}
