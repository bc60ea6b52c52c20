import type { Seed, SeedRow } from './seed.js';
import { trackersOf } from './race-fixes.js';

/** What no single row shows; one line for each contradiction. */
export function checkSeed(seed: Seed): string[] {
	return [...eventProblems(seed), ...classProblems(seed), ...assignmentProblems(seed), ...faultProblems(seed)];
}

const rowsOf = (seed: Seed, collection: string): SeedRow[] => seed.rows.get(collection) ?? [];

function eventProblems(seed: Seed): string[] {
	if (rowsOf(seed, 'events').some(({ fields }) => fields['slug'] === seed.name)) return [];
	return [`events.csv: must hold the event whose slug is the directory's name, ${seed.name}`];
}

function classProblems(seed: Seed): string[] {
	return rowsOf(seed, 'entries').flatMap(({ file, line, fields, references }) => {
		const place = `${file}:${line}: class ${fields['class']} is not`;
		const { event, class: entered, vehicle } = references;

		return [
			...(entered?.fields['kind'] === vehicle?.fields['kind']
				? []
				: [`${place} for vehicle ${fields['vehicle']}'s kind`]),
			...(entered?.references['event'] === event ? [] : [`${place} one of event ${fields['event']}`]),
		];
	});
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
