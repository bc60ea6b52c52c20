import { REPEATABLE, type Migration } from './migration-files.js';

/** One difference between the image's migrations and the database's ledger: a stable code, what is, what to do. */
export interface LedgerProblem {
	code: 'MIGRATION_CHANGED' | 'MIGRATION_NOT_APPLIED' | 'MIGRATION_UNKNOWN';
	message: string;
}

/**
 * Compares what the image carries with what the database has had applied.
 * @returns the problems in the order of their file names; none when the database is exactly the image's.
 */
export function compareLedger(files: Migration[], ledger: Migration[]): LedgerProblem[] {
	const expected = new Map(files.map(({ filename, sha256 }) => [filename, sha256]));
	const applied = new Map(ledger.map(({ filename, sha256 }) => [filename, sha256]));
	const filenames = [...new Set([...expected.keys(), ...applied.keys()])].sort();

	return filenames.flatMap((filename) => problemOf(filename, expected.get(filename), applied.get(filename)) ?? []);
}

function problemOf(filename: string, expected?: string, applied?: string): LedgerProblem | undefined {
	if (applied === undefined) {
		return {
			code: 'MIGRATION_NOT_APPLIED',
			message:
				`${filename} (SHA-256 ${expected}) is in this image and not in the ledger. ` +
				'Start through entrypoint.sh, which applies it, or run scripts/apply-db-init.sh.',
		};
	}

	// What a repeatable file made stays when the file goes; the boot has warned of it.
	if (expected === undefined && filename.startsWith(REPEATABLE)) return undefined;

	if (expected === undefined) {
		return {
			code: 'MIGRATION_UNKNOWN',
			message:
				`${filename} (SHA-256 ${applied}) is in the ledger and not in this image. ` +
				'The image is older than the database: deploy the image that carries it, or a newer one.',
		};
	}

	if (expected !== applied && filename.startsWith(REPEATABLE)) {
		return {
			code: 'MIGRATION_CHANGED',
			message:
				`${filename} was last applied as SHA-256 ${applied} and this image carries ${expected}: another image has booted this database. ` +
				'Start through entrypoint.sh, which applies the one of this image, or deploy the other image.',
		};
	}

	if (expected !== applied) {
		return {
			code: 'MIGRATION_CHANGED',
			message:
				`${filename} was applied as SHA-256 ${applied} and this image carries ${expected}. ` +
				'A landed migration never changes: deploy an image with the file as it was, and put the change into a new file.',
		};
	}

	return undefined;
}
