/** What a file counts itself: `cells` with `cells_failed`, … count as tests, `server_errors` as failures. The rest is only told. */
export type Counts = Record<string, unknown>;

/** What one file of tests came to. */
export interface FileOutcome {
	suite: string;
	passed: number;
	/** tests, hooks and imports */
	failed: number;
	skipped: number;
	counts?: Counts;
}

export interface Failure {
	name: string;
	message: string;
}

interface Row {
	suite: string;
	passed: number;
	failed: number;
	skipped: number;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** A file that counts itself is what it counts; but a failed test of it is a failure all the same. */
export function resultOf({ suite, counts, ...tests }: FileOutcome): Row {
	if (counts === undefined) return { suite, ...tests };
	const names = Object.keys(counts).filter((name) => `${name}_failed` in counts);
	const sum = (keys: string[]) => keys.reduce((total, key) => total + numberOf(counts[key]), 0);
	const failed = sum(names.map((name) => `${name}_failed`));
	const passed = names.length === 0 ? tests.passed : Math.max(0, sum(names) - failed);

	return {
		suite,
		passed,
		failed: Math.max(tests.failed, failed + numberOf(counts['server_errors'])),
		skipped: tests.skipped,
	};
}

/** One row for each suite, in the order in which they came. */
export function rowsOf(files: FileOutcome[]): Row[] {
	const rows = new Map<string, Row>();

	for (const { suite, passed, failed, skipped } of files.map(resultOf)) {
		const row = rows.get(suite) ?? { suite, passed: 0, failed: 0, skipped: 0 };
		rows.set(suite, {
			suite,
			passed: row.passed + passed,
			failed: row.failed + failed,
			skipped: row.skipped + skipped,
		});
	}

	return [...rows.values()];
}

/** What the files of a suite counted, numbers added up; null where none did. */
export function countsOf(files: FileOutcome[]): Counts | null {
	const counted = files.flatMap(({ counts }) => (counts === undefined ? [] : [counts]));
	if (counted.length === 0) return null;
	const sum: Counts = {};

	for (const [key, value] of counted.flatMap((counts) => Object.entries(counts))) {
		sum[key] = typeof value === 'number' ? numberOf(sum[key]) + value : value;
	}

	return sum;
}

export function totalOf(rows: Row[]): string {
	const sum = (key: 'passed' | 'failed' | 'skipped') => rows.reduce((total, row) => total + row[key], 0);
	const skipped = sum('skipped');
	return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

const cells = (...[name, ...rest]: [string, ...(string | number)[]]) =>
	[name.padEnd(14), ...rest.map((cell) => String(cell).padStart(8))].join(' ');

/** @param seconds by suite */
export const tableOf = (rows: Row[], seconds: ReadonlyMap<string, number>): string[] => [
	cells('suite', 'passed', 'failed', 'skipped', 'time'),
	...rows.map(({ suite, passed, failed, skipped }) =>
		cells(suite, passed, failed, skipped, `${Math.round(seconds.get(suite) ?? 0)} s`),
	),
];

/** A failure with the beginning of its message: the last page of a long log is the one that is read. */
export const linesOfFailure = ({ name, message }: Failure): string[] => [
	`not ok ${name}`,
	...message
		.trim()
		.split('\n')
		.slice(0, 4)
		.map((line) => `#   ${line.slice(0, 300)}`),
];
