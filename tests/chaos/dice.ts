import { createHash } from 'node:crypto';
import { randomOf } from '../../tools/seed/random.js';

/** One seeded generator: everything that a plan leaves to chance is drawn from it, in one order. */
export interface Dice {
	/** Whole number from `least` to `most`, both possible. */
	int(least: number, most: number): number;
	chance(probability: number): boolean;
	pick<T>(from: readonly T[]): T;
	/** @param from name and weight. */
	weighted<T extends string>(from: Readonly<Record<T, number>>): T;
	/** `count` different members, in the order in which they stand. */
	some<T>(from: readonly T[], count: number): T[];
}

export function diceOf(seed: string): Dice {
	const { uniform } = randomOf('chaos', seed);
	const int = (least: number, most: number) => least + Math.floor(uniform() * (most - least + 1));

	return {
		int,
		chance: (probability) => uniform() < probability,
		pick: <T>(from: readonly T[]) => from[int(0, from.length - 1)] as T,

		weighted<T extends string>(from: Readonly<Record<T, number>>): T {
			const entries = Object.entries(from) as [T, number][];
			let left = uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
			const found = entries.find(([, weight]) => (left -= weight) < 0);
			return (found ?? (entries.at(-1) as [T, number]))[0];
		},

		some<T>(from: readonly T[], count: number): T[] {
			const left = [...from.keys()];
			const chosen = Array.from({ length: Math.min(count, from.length) }, () =>
				left.splice(int(0, left.length - 1), 1),
			);
			return chosen
				.flat()
				.sort((a, b) => a - b)
				.map((index) => from[index] as T);
		},
	};
}

/** The seed of one round. The first round of a run has the run's own, so that `SEED=… ROUNDS=1` replays any round. */
export function seedOfRound(run: string, round: number): string {
	if (round === 1) return run;
	return createHash('sha256').update(`${run}/${round}`).digest('hex').slice(0, 8);
}
