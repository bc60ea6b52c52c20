import { addressOf, type Login } from './login.js';

/** Why there is no session: whether waiting cannot mend it, and what a message says. */
export interface ConnectionFailure {
	isFinal: boolean;
	/** which of the three: not there, there but refuses, a pooler; with the address */
	what: string;
	reason: string;
	remedy: string;
}

/** What node-postgres throws: a message of the server has an SQLSTATE, one of the system an errno such as ECONNREFUSED. */
interface ThrownByDriver {
	code?: string;
	message?: string;
	/** An AggregateError has one for each address of a host name. */
	errors?: ThrownByDriver[];
}

const LOGIN_REFUSED = ['28P01', '28000'];
const NO_SUCH_DATABASE = '3D000';
const NO_RIGHT_TO_CONNECT = '42501';
const UNDEFINED_FILE = '58P01';
const UNKNOWN_SETTING = '42704';
const PROTOCOL_VIOLATION = '08P01';
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Reads a refusal by its SQLSTATE, whatever language the server speaks. */
export function readConnectionFailure(error: unknown, login: Login): ConnectionFailure {
	const thrown = error as ThrownByDriver;
	const first = thrown.errors?.[0] ?? thrown;
	const messages = [thrown.message, ...(thrown.errors ?? []).map(({ message }) => message)];
	const reason = messages.filter(Boolean).join('; ');
	const where = addressOf(login);
	const final = (what: string, remedy: string) => ({ isFinal: true, what, reason, remedy });
	const passing = (what: string, remedy: string) => ({ isFinal: false, what, reason, remedy });
	const code = first.code ?? '';

	// node-postgres refuses a server's proof of the password, and a password that is empty, by itself.
	if (LOGIN_REFUSED.includes(code) || /^SASL: /.test(reason)) {
		return final(`Postgres at ${where} refuses the login`, `check ${login.variables} (and pg_hba.conf)`);
	}

	switch (code) {
		case NO_RIGHT_TO_CONNECT:
			return final(`Postgres at ${where} refuses the login`, `GRANT CONNECT ON DATABASE to it, or correct DB_DATABASE`);
		case NO_SUCH_DATABASE:
			return final(`Postgres at ${where} has no such database`, 'create it or correct DB_DATABASE');
		case UNDEFINED_FILE:
			return final(
				`the database at ${where} has an extension in a version that its Postgres server lacks`,
				'install that version beside the newer one, or run an image that has it, then ALTER EXTENSION … UPDATE as the first statement of a session',
			);
		case UNKNOWN_SETTING:
			return final(`Postgres at ${where} is too old`, 'use Postgres 15 or newer');
		// A pooler that is there and has no connection to give. Postgres itself has this code for nothing that we send.
		case PROTOCOL_VIOLATION:
			return passing(
				`the pooler at ${where} gives no connection to Postgres`,
				"look at its log, start the Postgres behind it, or correct the pooler's databases and users",
			);
	}

	const waitLonger = 'or raise DB_WAIT_TIMEOUT';
	// Starting up, shutting down, too many connections: it is there and says so.
	if (SQLSTATE.test(code)) {
		return passing(`Postgres at ${where} is there and gives no session`, `see the reason, ${waitLonger}`);
	}

	return passing(`no answer from Postgres at ${where}`, `start it, check DB_HOST and DB_PORT, ${waitLonger}`);
}
