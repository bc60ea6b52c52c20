import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { raceFixesOf, trackersOf } from './race-fixes.js';
import type { Seed } from './seed.js';
import { isoOf } from './timestamp.js';

export const MANIFEST_FILE = 'faults.csv';

/** The planted faults at the default size, one line for each faulty fix with the ts under which it stands in `positions`. */
export function manifestOf(seed: Seed): string {
	const fixesOf = raceFixesOf(seed);
	const lines = ['device_id,ts,kind,race_number'];

	for (const tracker of trackersOf(seed)) {
		const faulty = seed.raceDay.faults.some(
			(fault) => fault.race_number === tracker.raceNumber && fault.tracker === tracker.role,
		);

		if (!faulty) continue;

		for (const { fix, fault } of fixesOf(tracker, {})) {
			if (fault !== null) lines.push(`${fix.device_id},${isoOf(fix.ts)},${fault},${tracker.raceNumber}`);
		}
	}

	return `${lines.join('\n')}\n`;
}

export async function writeManifest(directory: string, seed: Seed): Promise<void> {
	await writeFile(join(directory, MANIFEST_FILE), manifestOf(seed));
}
