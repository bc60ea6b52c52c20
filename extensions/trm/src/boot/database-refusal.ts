import pg from 'pg';
import { EXIT, Stop } from '../lib/exit-status.js';

/**
 * Asks the database, and ends the boot with all that Postgres says where it refuses.
 * @param what for the message, such as `boot fingerprint: compare-fingerprint.sql failed`
 */
export async function orStop<Result>(what: string, ask: () => Promise<Result>): Promise<Result> {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof pg.DatabaseError)) throw error;
		throw new Stop(
			EXIT.failed,
			...linesOf(error),
			`${what}, see the lines above; remedy: correct the cause and start again`,
		);
	}
}

function linesOf({ message, code, detail, hint }: pg.DatabaseError): string[] {
	return [
		`${message} (SQLSTATE ${code})`,
		...(detail ? [`detail: ${detail}`] : []),
		...(hint ? [`hint: ${hint}`] : []),
	];
}
