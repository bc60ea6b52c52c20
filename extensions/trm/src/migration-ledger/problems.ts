import type { ComparedMigration } from './compare.js';
import { directoryOf, REPEATABLE } from './migration-files.js';

/** One difference between the image's migrations and the database's ledger: a stable code, what is, what to do. */
export interface LedgerProblem {
	code: 'MIGRATION_CHANGED' | 'MIGRATION_NOT_APPLIED' | 'MIGRATION_UNKNOWN';
	message: string;
}

/** @returns what keeps a server down; undefined where it may serve. */
export function ledgerProblem({ filename, state, file, row }: ComparedMigration): LedgerProblem | undefined {
	// What a repeatable file made stays when the file goes; the boot has warned of it.
	if (state === 'applied' || state === 'gone') return undefined;

	if (row === undefined) {
		return {
			code: 'MIGRATION_NOT_APPLIED',
			message:
				`${filename} (SHA-256 ${file?.sha256}) is in this image and not in the ledger. ` +
				'Start through entrypoint.sh, which applies it, or run scripts/apply-db-init.sh.',
		};
	}

	if (file === undefined) {
		return {
			code: 'MIGRATION_UNKNOWN',
			message:
				`${filename} (SHA-256 ${row.sha256}) is in the ledger and not in this image. ` +
				'The image is older than the database: deploy the image that carries it, or a newer one.',
		};
	}

	if (directoryOf(filename) === REPEATABLE) {
		return {
			code: 'MIGRATION_CHANGED',
			message:
				`${filename} was last applied as SHA-256 ${row.sha256} and this image carries ${file.sha256}: another image has booted this database. ` +
				'Start through entrypoint.sh, which applies the one of this image, or deploy the other image.',
		};
	}

	return {
		code: 'MIGRATION_CHANGED',
		message:
			`${filename} was applied as SHA-256 ${row.sha256} and this image carries ${file.sha256}. ` +
			'A landed migration never changes: deploy an image with the file as it was, and put the change into a new file.',
	};
}
