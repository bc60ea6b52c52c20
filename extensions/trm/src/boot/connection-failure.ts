import { EXIT } from '../lib/exit-status.js';
import { addressOf, type Login } from './login.js';

/** Why there is no session: what waiting may mend is waited for, anything else ends the boot at once. */
export interface ConnectionFailure {
	/** null: worth waiting for */
	status: number | null;
	line: string;
}

/** What node-postgres throws: a message of the server has an SQLSTATE, one of the system an errno such as ECONNREFUSED. */
interface ThrownByDriver {
	code?: string;
	message?: string;
	/** of an AggregateError, one for each address that a name has */
	errors?: ThrownByDriver[];
}

const LOGIN_REFUSED = ['28P01', '28000'];
const NO_SUCH_DATABASE = '3D000';
const UNDEFINED_FILE = '58P01';
const UNKNOWN_SETTING = '42704';
/** starting up, shutting down, crashed, too many connections: the server is there and will answer */
const NOT_YET = ['57P03', '57P01', '57P02', '53300'];

/**
 * Reads a refusal by its SQLSTATE, whatever language the server speaks.
 * A pooler in front of Postgres answers with codes of its own (08P01) or with those of Postgres.
 */
export function readConnectionFailure(error: unknown, login: Login): ConnectionFailure {
	const thrown = error as ThrownByDriver;
	const { code = '' } = thrown.errors?.[0] ?? thrown;
	const reason = [thrown.message, ...(thrown.errors ?? []).map(({ message }) => message)].filter(Boolean).join('; ');
	const where = addressOf(login);
	const final = (line: string) => ({ status: EXIT.configuration, line });

	if (LOGIN_REFUSED.includes(code) || /^SASL: /.test(reason)) {
		return final(
			`Postgres at ${where} refuses the login: ${reason}; remedy: check ${login.variables} (and pg_hba.conf)`,
		);
	}

	if (code === NO_SUCH_DATABASE) {
		return final(`Postgres at ${where} has no such database: ${reason}; remedy: create it or correct DB_DATABASE`);
	}

	if (code === UNDEFINED_FILE) {
		return final(
			`the database at ${where} has an extension in a version that its Postgres server lacks: ${reason}; remedy: install that version beside the newer one, ` +
				'or run an image that has it, then ALTER EXTENSION … UPDATE as the first statement of a session',
		);
	}

	if (code === UNKNOWN_SETTING)
		return final(`Postgres at ${where} is too old: ${reason}; remedy: use Postgres 15 or newer`);
	if (NOT_YET.includes(code)) return { status: null, line: `Postgres at ${where} is not ready: ${reason}` };
	return { status: null, line: `no answer from Postgres at ${where}: ${reason}` };
}
