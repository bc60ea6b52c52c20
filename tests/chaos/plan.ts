import { diceOf } from './dice.js';
import { planFaults, type Fault } from './plan-faults.js';
import { planWrites, type Write } from './plan-writes.js';

/** What a round does and when: pure data, decided before it runs, so that a seed always gives the same. */
export interface Plan {
	seed: string;
	/** in the order of their times */
	writes: Write[];
	/** in the order of their times */
	faults: Fault[];
}

/** Milliseconds over which a round's writes are spread. A long fault is written into as long as it lasts. */
export const WRITING_TIME = 3_500;

export function planRound(seed: string): Plan {
	const dice = diceOf(seed);
	const faults = planFaults(dice, WRITING_TIME);
	const longest = Math.max(0, ...faults.map(({ at, lasts }) => at + lasts));

	return { seed, faults, writes: planWrites(dice, seed, Math.max(WRITING_TIME, longest)) };
}
