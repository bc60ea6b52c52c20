import type { Seed, SeedRow } from './read-seed.js';
import { trackersOf } from './race-fixes.js';

/** What no single row shows; one line for each contradiction. */
export function checkSeed(seed: Seed): string[] {
	return [...eventProblems(seed), ...kindProblems(seed), ...assignmentProblems(seed), ...faultProblems(seed)];
}

const rowsOf = (seed: Seed, collection: string): SeedRow[] => seed.rows.get(collection) ?? [];

function eventProblems(seed: Seed): string[] {
	const slugs = rowsOf(seed, 'events').map(({ fields }) => fields['slug']);
	if (slugs.length === 1 && slugs[0] === seed.name) return [];
	return [`events.csv: must hold one event, with the directory's name ${seed.name} as its slug`];
}

function kindProblems(seed: Seed): string[] {
	return rowsOf(seed, 'entries')
		.filter(({ references }) => references['class']?.fields['kind'] !== references['vehicle']?.fields['kind'])
		.map(
			({ file, line, fields }) =>
				`${file}:${line}: class ${fields['class']} is not for vehicle ${fields['vehicle']}'s kind`,
		);
}

/** The database's exclusion constraint, told by file and line. */
function assignmentProblems(seed: Seed): string[] {
	const assignments = rowsOf(seed, 'entry_devices');
	const from = (row: SeedRow): string => String(row.fields['assigned_from']);
	const to = (row: SeedRow): string => String(row.fields['assigned_to'] ?? '9999');

	return assignments.flatMap((row, index) => {
		const other = assignments
			.slice(0, index)
			.find(
				(earlier) =>
					earlier.fields['device'] === row.fields['device'] && from(row) < to(earlier) && from(earlier) < to(row),
			);

		if (other === undefined) return [];
		return [
			`${row.file}:${row.line}: device ${row.fields['device']} serves another entry then, see line ${other.line}`,
		];
	});
}

function faultProblems(seed: Seed): string[] {
	const trackers = trackersOf(seed);
	const seconds = seed.raceDay.hours * 3600;

	return seed.raceDay.faults.flatMap(({ race_number, tracker, at_s, fixes }, index) => {
		const place = `race-day.yaml: faults[${index}]`;
		const known = trackers.some((one) => one.raceNumber === race_number && one.role === tracker);

		return [
			...(known ? [] : [`${place}: entry ${race_number} has no ${tracker} tracker in entry_devices.csv`]),
			...(at_s + fixes <= seconds ? [] : [`${place}: ends after the ${seconds} s of the default size (hours)`]),
		];
	});
}
