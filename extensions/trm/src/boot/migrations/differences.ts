import type { Compared } from './ledger.js';

/** @returns what keeps a run from going on; undefined where nothing does. */
export function problemOf({ filename, state, file, row, newest }: Compared, directory: string): string | undefined {
	const [expected, found] = [row?.sha256, file?.sha256];

	switch (state) {
		case 'changed':
			return `${filename} was changed after it was applied: expected ${expected}, found ${found}; remedy: restore the file as it was and put the change into a new migration`;
		case 'missing':
			return `${filename} is applied but not in ${directory}: expected ${expected}, found no file; remedy: this image is older than the database, run the image that has the file or a newer one`;
		case 'out-of-order':
			return `${filename} is new but sorts before ${newest}, which is applied: expected no such file, found ${found}; remedy: give it the next free number`;
		default:
			return undefined;
	}
}

/** @returns what the operator should know all the same. */
export function warningOf({ filename, state }: Compared, directory: string): string | undefined {
	if (state !== 'gone') return undefined;
	return `warning: ${filename} is applied but not in ${directory}: what it made stays; remedy: drop that in a numbered file, and DELETE FROM trm.migration_ledger WHERE filename = '${filename}'`;
}
