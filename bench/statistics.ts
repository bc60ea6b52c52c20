/** The middle value, the mean of the two middle ones where their number is even; three decimals. */
export function median(values: number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
	const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
	return round((lower + upper) / 2);
}

/** The smallest value that `percent` of all are not above; three decimals. */
export function percentile(values: number[], percent: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return round(sorted[Math.max(Math.ceil((sorted.length * percent) / 100) - 1, 0)] ?? NaN);
}

/** Of the medians of two series that were measured in turns. */
export function ratio(ours: number[], baseline: number[]): number {
	return round(median(ours) / median(baseline));
}

/** The median of the rounds' own ratios: where the machine's speed drifts, the two of a round are nearer to each other. */
export function ratioByRound(ours: number[], baseline: number[]): number {
	return median(ours.map((value, at) => value / (baseline[at] ?? NaN)));
}

function round(value: number): number {
	return Math.round(value * 1_000) / 1_000;
}
