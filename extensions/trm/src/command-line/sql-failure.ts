import { addressOf, type Login } from '../boot/login.js';
import { messageOf } from '../lib/errors.js';
import { EXIT, Stop } from '../lib/exit-status.js';

/** undefined table, schema, column, function */
const LACKING = ['42P01', '3F000', '42703', '42883'];
const NO_RIGHT = '42501';
/** cancelled (also by statement_timeout), lock not available, serialization failure, deadlock */
const BUSY = ['57014', '55P03', '40001', '40P01'];

/** What a failed command about a database ends with, without the statement. @returns null for what Postgres has no part in */
export function readSqlFailure(thrown: unknown, command: string, login: Login): Stop | null {
	const where = addressOf(login);
	const reason = messageOf(thrown);

	if (thrown instanceof Error && thrown.name === 'SessionLost') {
		const remedy = 'see that Postgres runs, then repeat the command';
		return new Stop(EXIT.unavailable, `${command}: the connection to ${where} was lost: ${reason}; remedy: ${remedy}`);
	}

	const { code, severity } = (thrown ?? {}) as { code?: string; severity?: string };
	if (severity === undefined || code === undefined) return null;

	if (LACKING.includes(code)) {
		const remedy = 'boot it with this release, or correct DB_HOST and DB_DATABASE';
		const line = `${command}: the database at ${where} is not one of this release: ${reason}`;
		return new Stop(EXIT.failed, `${line}; remedy: ${remedy}`);
	}

	if (code === NO_RIGHT) {
		const remedy = 'use the login of the server or of the owner (docs/database-roles.md)';
		return new Stop(EXIT.configuration, `${command}: ${login.user} may not: ${reason}; remedy: ${remedy}`);
	}

	if (BUSY.includes(code)) {
		const line = `${command}: the database at ${where} is busy: ${reason}`;
		return new Stop(EXIT.tryAgain, `${line}; remedy: repeat the command; pg_stat_activity shows who holds a lock`);
	}

	return new Stop(EXIT.failed, `${command}: Postgres at ${where} refuses it: ${reason} (SQLSTATE ${code})`);
}
