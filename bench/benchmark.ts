import { loadavg } from 'node:os';
import { Scope } from './events/scope.js';

/** Runs a benchmark, ends what it started, also after a signal, and prints its results as the last line: one JSON object. */
export async function benchmark(measure: (scope: Scope) => Promise<object>): Promise<void> {
	const scope = new Scope();

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => void scope.close().finally(() => process.exit(130)));
	}

	try {
		const results = await measure(scope);
		await scope.close();
		console.log(JSON.stringify({ ...results, load_average: Number(loadavg()[0]?.toFixed(2)) }));
	} catch (error) {
		// After a signal the servers go while they are measured.
		if (!scope.isClosing) {
			console.error(error);
			process.exitCode = 1;
		}
		await scope.close();
	}
}
