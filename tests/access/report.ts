import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Leaves the counts of a file of tests where npm run test:access adds them up. */
export function report(name: string, counts: Record<string, number>): void {
	const directory = process.env['ACCESS_REPORTS'];
	if (directory) writeFileSync(join(directory, `access-${name}.json`), `${JSON.stringify(counts)}\n`);
}
