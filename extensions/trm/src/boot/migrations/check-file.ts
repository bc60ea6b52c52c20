import { isUtf8 } from 'node:buffer';
import { directoryOf, REPEATABLE, type MigrationFile } from '../../migration-ledger/migration-files.js';

/** How a file is run: in a transaction of its own, the same and again when edited, or statement by statement. */
export type Kind = 'transaction' | 'repeatable' | 'no-transaction';

/** A file whose name, bytes and options are in order. */
export interface Migration extends MigrationFile {
	kind: Kind;
	text: string;
}

const NUMBERED_NAME = /^\d{3}_[A-Za-z0-9_-]+\.sql$/;
const REPEATABLE_NAME = /^[a-z][a-z0-9-]*\.sql$/;

/** @returns what is wrong with a name, with its remedy. */
export function problemOfName(filename: string): string | undefined {
	const name = filename.slice(directoryOf(filename).length);

	if (directoryOf(filename) === REPEATABLE) {
		if (REPEATABLE_NAME.test(name)) return undefined;
		return `${filename}: not the name of a repeatable file; remedy: call it for what it is about, in small letters: what-it-is-about.sql`;
	}

	if (NUMBERED_NAME.test(name)) return undefined;
	return `${filename}: not a migration's name; remedy: call it NNN_what_it_does.sql with three digits`;
}

/** @returns a line for each file whose number another one has; names that are none are left out. */
export function sharedNumbers(filenames: string[]): string[] {
	const nameOf = new Map<string, string>();

	return filenames.flatMap((filename) => {
		if (directoryOf(filename) === REPEATABLE || problemOfName(filename) !== undefined) return [];
		const number = filename.slice(directoryOf(filename).length, -'.sql'.length).slice(0, 3);
		const other = nameOf.get(number);
		nameOf.set(number, filename);
		return other === undefined
			? []
			: [`${filename}: has the same number as ${other}; remedy: give the newer one the next free number`];
	});
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A byte order mark would hide the option of the first line, and Postgres takes no NUL byte in a text. */
export function problemOfBytes({ filename, content }: MigrationFile): string | undefined {
	const remedy = 'remedy: save it as UTF-8 without a byte order mark';
	if (content.subarray(0, 3).equals(BYTE_ORDER_MARK)) return `${filename}: begins with a byte order mark; ${remedy}`;
	if (content.includes(0)) return `${filename}: holds NUL bytes (UTF-16?); ${remedy}`;
	if (!isUtf8(content)) return `${filename}: is not UTF-8; ${remedy}`;
	return undefined;
}

const NO_TRANSACTION = /^-- trm: no-transaction *(\n|$)/;
const OPTION = /^\s*(--|\/\*)[-\s]*trm\s*:/i;
const OPTION_WITHOUT_TRM = /^\s*(--|\/\*)[-\s]*(trm\s*)?no[-_\s]*transaction/i;

/** An option with a slip in it would be a comment, and its file would run in another way than meant. */
export function problemOfOptions(filename: string, text: string): string | undefined {
	const isRead = kindOf(filename, text) === 'no-transaction';

	for (const [index, line] of text.split('\n').entries()) {
		const isOption = OPTION.test(line) || (index === 0 && OPTION_WITHOUT_TRM.test(line));
		if (!isOption || (index === 0 && isRead)) continue;
		return (
			`${filename}:${index + 1}: not an option of the runner: ${line}; ` +
			'remedy: make the first line exactly "-- trm: no-transaction", or word the comment differently'
		);
	}

	return undefined;
}

export function kindOf(filename: string, text: string): Kind {
	if (directoryOf(filename) === REPEATABLE) return 'repeatable';
	return NO_TRANSACTION.test(text) ? 'no-transaction' : 'transaction';
}
