import pg from 'pg';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { SessionLost } from '../session.js';
import type { Statement } from './statements.js';

/** What of an error or notice a message shows. */
export interface ServerMessage {
	severity?: string | undefined;
	code?: string | undefined;
	message?: string | undefined;
	detail?: string | undefined;
	hint?: string | undefined;
	where?: string | undefined;
	routine?: string | undefined;
	/** in characters of the text that was sent, from 1 on */
	position?: string | undefined;
	internalQuery?: string | undefined;
}

/** Where in a file an error arose. */
export interface Origin {
	/** as messages name it: db-init/002_positions.sql */
	path: string;
	/** undefined where Postgres refuses the whole text */
	statement: Statement | undefined;
	/** what was sent, and on which line of the file it begins */
	sent: Statement;
}

/** A function of 500 lines would hide everything else. */
const SHOWN_CHARACTERS = 2_000;

/** The lines of a failed statement: all that Postgres says, and where. */
export function describeSqlError(error: ServerMessage, origin?: Origin): string[] {
	const { severity, message, code } = error;
	const place = origin === undefined ? '' : `${origin.path}:${lineOf(error, origin)}: `;
	const statement = origin?.statement?.text;

	return [
		`${place}${severity}:  ${message} (SQLSTATE ${code})`,
		...(statement === undefined ? [] : [`STATEMENT:  ${shortened(statement)}`]),
		...(error.internalQuery === undefined ? [] : [`QUERY:  ${shortened(error.internalQuery)}`]),
		...furtherLines(error),
		...(error.where === undefined ? [] : [`CONTEXT:  ${error.where}`]),
	];
}

const furtherLines = ({ detail, hint }: ServerMessage) => [
	...(detail === undefined ? [] : [`DETAIL:  ${detail}`]),
	...(hint === undefined ? [] : [`HINT:  ${hint}`]),
];

function lineOf({ position }: ServerMessage, { statement, sent }: Origin): number {
	if (position === undefined) return statement?.line ?? sent.line;
	const before = [...sent.text].slice(0, Number(position) - 1);
	return sent.line + before.filter((character) => character === '\n').length;
}

const shortened = (text: string) =>
	text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)} … (${text.length} characters)`;

/** What `IF EXISTS` and `IF NOT EXISTS` say when there is nothing to do. */
const NOTHING_TO_DO = ['00000', '42P06', '42P07', '42701', '42710'];
/** A RAISE of the file, and what DROP … CASCADE takes along, have the first of these codes too. */
const SAYS_SOMETHING = ['exec_stmt_raise', 'reportDependentObjects'];

/** @returns the lines of a notice or warning; none for one that says nothing. By code and routine, since words and severity are translated. */
export function describeNotice(filename: string, notice: ServerMessage): string[] {
	const { code = '', routine = '', severity, message } = notice;
	if (NOTHING_TO_DO.includes(code) && !SAYS_SOMETHING.includes(routine)) return [];
	return [`${filename}: ${severity}:  ${message}`, ...furtherLines(notice)];
}

/** Gives a failure the name of what was being done. @throws Stop */
export async function named<Result>(
	what: string,
	work: () => Promise<Result>,
	originOf = (): Origin | undefined => undefined,
): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof SessionLost) {
			const remedy = 'run again when it is back, the run continues with this file';
			throw new Stop(EXIT.failed, error.message, `${what}: lost the connection to Postgres; remedy: ${remedy}`);
		}

		if (!(error instanceof pg.DatabaseError)) throw error;
		const summary = `${what}: SQL error, see the lines above; remedy: correct the cause and run again`;
		throw new Stop(EXIT.failed, ...describeSqlError(error, originOf()), summary);
	}
}
