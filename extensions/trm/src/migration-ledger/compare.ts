import { directoryOf, REPEATABLE, type Migration } from './migration-files.js';

/**
 * - `pending`: to be applied, for the first time or again
 * - `changed`: a numbered file differs from what was applied
 * - `missing`: a numbered file was applied and is no more
 * - `out-of-order`: new, but sorts before an applied file of its directory
 * - `gone`: a repeatable file was applied and is no more; what it made stays
 */
export type MigrationState = 'applied' | 'pending' | 'changed' | 'missing' | 'out-of-order' | 'gone';

/** One name in the files, the ledger or both. */
export interface ComparedMigration<File extends Migration = Migration, Row extends Migration = Migration> {
	filename: string;
	state: MigrationState;
	file: File | undefined;
	/** of the ledger */
	row: Row | undefined;
	/** the last applied file of its directory */
	newest: string | undefined;
}

/**
 * Compares what the image carries with what the database has had applied.
 * @param lacksObjects whether something is gone that files made: then all repeatable files are applied again
 * @returns all names, sorted.
 */
export function compareLedger<File extends Migration, Row extends Migration>(
	files: File[],
	ledger: Row[],
	lacksObjects = false,
): ComparedMigration<File, Row>[] {
	const fileOf = new Map(files.map((file) => [file.filename, file]));
	const rowOf = new Map(ledger.map((row) => [row.filename, row]));
	const newestIn = new Map(
		ledger
			.map(({ filename }) => filename)
			.sort()
			.map((name) => [directoryOf(name), name]),
	);

	return [...new Set([...fileOf.keys(), ...rowOf.keys()])].sort().map((filename) => {
		const [file, row] = [fileOf.get(filename), rowOf.get(filename)];
		const newest = newestIn.get(directoryOf(filename));
		const state =
			directoryOf(filename) === REPEATABLE ? repeatable(file, row, lacksObjects) : numbered(file, row, newest);
		return { filename, state, file, row, newest };
	});
}

function repeatable(file: Migration | undefined, row: Migration | undefined, lacksObjects: boolean): MigrationState {
	if (file === undefined) return 'gone';
	return row?.sha256 === file.sha256 && !lacksObjects ? 'applied' : 'pending';
}

function numbered(file: Migration | undefined, row: Migration | undefined, newest = ''): MigrationState {
	if (file === undefined) return 'missing';
	if (row === undefined) return file.filename < newest ? 'out-of-order' : 'pending';
	return row.sha256 === file.sha256 ? 'applied' : 'changed';
}
