import type { FixState, TrackFix } from './types.js';

export type FixFilter = 'all' | 'suspect' | 'faulty';

/** Flagged outweighs suspect: what the operator has dealt with is no longer to be looked at. */
export function stateOf(fix: TrackFix): FixState {
	if (fix.faulty) return 'faulty';
	return fix.suspect.length > 0 ? 'suspect' : 'normal';
}

export function countStates(fixes: readonly TrackFix[]): Record<FixFilter, number> {
	const counts = { all: fixes.length, suspect: 0, faulty: 0 };

	for (const fix of fixes) {
		const state = stateOf(fix);
		if (state !== 'normal') counts[state] += 1;
	}

	return counts;
}

/** Indices of the fixes that the table lists. */
export function listIndices(fixes: readonly TrackFix[], filter: FixFilter): number[] {
	const listed: number[] = [];

	fixes.forEach((fix, index) => {
		if (filter === 'all' || stateOf(fix) === filter) listed.push(index);
	});

	return listed;
}

/**
 * The next suspect after (or before) an index, going round at the end.
 * @returns null when there is none
 */
export function nextSuspect(fixes: readonly TrackFix[], from: number | null, step: 1 | -1): number | null {
	const { length } = fixes;
	const start = from ?? (step === 1 ? -1 : length);

	for (let distance = 1; distance <= length; distance += 1) {
		const index = (((start + step * distance) % length) + length) % length;
		const fix = fixes[index];
		if (fix && stateOf(fix) === 'suspect') return index;
	}

	return null;
}

/** The fixes with the flag set on some of them; those that did not exist any more stay as they were. */
export function withFlag(
	fixes: readonly TrackFix[],
	indices: Iterable<number>,
	faulty: boolean,
	missing: ReadonlySet<string>,
): TrackFix[] {
	const changed = [...fixes];

	for (const index of indices) {
		const fix = fixes[index];
		if (fix && !missing.has(fix.ts)) changed[index] = { ...fix, faulty };
	}

	return changed;
}
