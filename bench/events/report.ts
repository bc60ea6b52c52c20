import { median } from '../statistics.js';

/** What is asked of the figures; the others have no goal. */
const GOALS: Record<string, { least?: number; most?: number }> = {
	relay_vs_bare_loop: { least: 0.75 },
	latency_p50_ms: { most: 15 },
	latency_p99_ms: { most: 60 },
	create_vs_without: { least: 0.95 },
	drain_5m_vs_10k: { least: 0.9 },
};

/** Prints the median and the extremes of each series. @returns the series. */
export function printRates(rates: Record<string, number[]>, unit: string): Record<string, number[]> {
	console.log(
		`  ${''.padEnd(14)}${['median', 'lowest', 'highest'].map((title) => title.padStart(10)).join('')}  ${unit}`,
	);

	for (const [name, values] of Object.entries(rates)) {
		const figures = [median(values), Math.min(...values), Math.max(...values)];
		console.log(`  ${name.padEnd(14)}${figures.map((figure) => figure.toFixed(0).padStart(10)).join('')}`);
	}

	return rates;
}

/** Prints all figures, and beside those that have a goal whether it is met. */
export function printResults(results: Record<string, number | string>): void {
	console.log('');

	for (const [name, value] of Object.entries(results)) {
		const { least, most } = GOALS[name] ?? {};
		const isMet = Number(value) >= (least ?? -Infinity) && Number(value) <= (most ?? Infinity);
		const goal = least !== undefined ? `≥ ${least}` : most !== undefined ? `≤ ${most}` : '';
		console.log(
			`${name.padEnd(30)}${String(value).padStart(12)}  ${goal.padEnd(8)}${goal === '' || isMet ? '' : 'missed'}`.trimEnd(),
		);
	}
}
