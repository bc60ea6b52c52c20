import type { Node, RawStmt, TransactionStmtKind } from 'libpg-query';

/** A statement at the top level of a file, without its semicolon and the comments before it. */
export interface Statement {
	text: string;
	/** The line of the file on which it begins, from 1 on. */
	line: number;
}

/** What a file is made of, and what of it has no place in a migration. */
export interface FileContent {
	statements: Statement[];
	problems: { line: number; what: string }[];
}

/** Everything else of the kind would break "one file, one transaction, with its ledger row". */
const ALLOWED: TransactionStmtKind[] = ['TRANS_STMT_SAVEPOINT', 'TRANS_STMT_RELEASE', 'TRANS_STMT_ROLLBACK_TO'];

const NOT_HERE =
	'does not belong in a migration; remedy: plain SQL only, the runner wraps each file in its own transaction (or start it with "-- trm: no-transaction")';
const NO_DATA_LINES = 'COPY … FROM STDIN does not belong in a migration: there are no data lines; remedy: write INSERT';

/** Reads a file with the parser of Postgres itself. */
export async function readStatements(text: string): Promise<FileContent> {
	// It takes a moment and some memory to load, and most boots have nothing to apply.
	const { hasSqlDetails, parse } = await import('libpg-query');

	async function read(sql: string): Promise<FileContent> {
		const { stmts = [] } = sql === '' ? {} : await parse(sql);
		return contentOf(Buffer.from(sql), stmts);
	}

	try {
		return await read(text);
	} catch (error) {
		if (!hasSqlDetails(error)) return { statements: [], problems: [{ line: 1, what: tooMuch(error) }] };
		// In characters, not UTF-16 units.
		const before = [...text].slice(0, error.sqlDetails?.cursorPosition).join('');
		const whole = before.slice(0, before.lastIndexOf(';') + 1);
		const { problems } = await read(whole).catch(() => ({ problems: [] as FileContent['problems'] }));
		if (problems.some(({ what }) => what === NO_DATA_LINES)) return { statements: [], problems };

		const [command] = /^\\\S*/.exec(text.slice(before.length)) ?? [];
		const what = command === undefined ? `${error.message}; remedy: correct the SQL` : `${command} ${NOT_HERE}`;
		return { statements: [], problems: [...problems, { line: before.split('\n').length, what }] };
	}
}

/** @param parsed positions in it are of bytes */
function contentOf(bytes: Buffer, parsed: RawStmt[]): FileContent {
	let [line, counted] = [1, 0];

	const read = parsed.map(({ stmt, stmt_location: start = 0, stmt_len: length = bytes.length - start }) => {
		line += countLines(bytes, counted, start);
		counted = start;
		const text = bytes.toString('utf8', start, start + length).trimEnd();
		return { statement: { text, line }, what: problemOf(stmt, text) };
	});

	return {
		statements: read.map(({ statement }) => statement),
		problems: read.flatMap(({ statement, what }) => (what === undefined ? [] : [{ line: statement.line, what }])),
	};
}

function problemOf(statement: Node | undefined, text: string): string | undefined {
	if (statement === undefined) return undefined;

	if ('CopyStmt' in statement) {
		const { is_from: isFrom, filename } = statement.CopyStmt;
		return isFrom && filename === undefined ? NO_DATA_LINES : undefined;
	}

	if (!('TransactionStmt' in statement)) return undefined;
	const { kind } = statement.TransactionStmt;
	return kind !== undefined && ALLOWED.includes(kind) ? undefined : `${firstWords(text)} ${NOT_HERE}`;
}

const firstWords = (text: string) => (/^\w+(\s+\w+)?/.exec(text)?.[0] ?? '').replace(/\s+/, ' ').toUpperCase();

/** Newlines from one byte to another. */
function countLines(bytes: Buffer, from: number, to: number): number {
	let count = 0;
	for (let at = bytes.indexOf(10, from); at !== -1 && at < to; at = bytes.indexOf(10, at + 1)) count += 1;
	return count;
}

const tooMuch = (error: unknown) =>
	`Postgres's parser fails on the file (${error instanceof Error ? error.message : String(error)}); remedy: make its largest statement smaller`;
