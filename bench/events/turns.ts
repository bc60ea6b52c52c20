/** What is measured in turns: its name, and how to measure it once. */
export interface Contestant {
	name: string;
	measure(): Promise<number>;
}

/**
 * Measures all of them once in each round. Each round begins with another one: none always follows the same.
 * @param unit of what they return, for the progress lines
 * @returns a value for each round, by name.
 */
export async function takeTurns(
	contestants: Contestant[],
	rounds: number,
	unit: string,
): Promise<Record<string, number[]>> {
	const values: Record<string, number[]> = Object.fromEntries(contestants.map(({ name }) => [name, []]));

	for (let round = 0; round < rounds; round += 1) {
		const first = round % contestants.length;

		for (const { name, measure } of [...contestants.slice(first), ...contestants.slice(0, first)]) {
			const value = await measure();
			values[name]?.push(value);
			console.log(`  round ${round + 1}/${rounds} ${name.padEnd(22)} ${value.toFixed(0).padStart(7)} ${unit}`);
		}
	}

	return values;
}
