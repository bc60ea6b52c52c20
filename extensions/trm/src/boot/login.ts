import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { EXIT, Stop } from '../lib/exit-status.js';
import type { Environment } from './settings.js';

/** Where Postgres is and as whom to go there. */
export interface Login {
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	/** As Directus is told to use TLS; undefined: as PGSSLMODE says. */
	ssl?: boolean | ConnectionOptions;
	/** The variables that user and password come from, for messages: `DB_USER and DB_PASSWORD`. */
	variables: string;
}

/** As messages name it. */
export const addressOf = ({ host, port, database }: Login): string => `${host}:${port}/${database}`;

/** The login of the server: DB_USER. */
export function serverLogin(env: Environment): Login {
	const ssl = sslOf(env);

	return {
		host: env['DB_HOST'] ?? '',
		port: Number(env['DB_PORT'] || 5432),
		database: env['DB_DATABASE'] ?? '',
		user: env['DB_USER'] ?? '',
		password: env['DB_PASSWORD'] ?? '',
		...(ssl === undefined ? {} : { ssl }),
		variables: 'DB_USER and DB_PASSWORD',
	};
}

/** The login that changes the schema: DB_OWNER_USER where it is given, otherwise DB_USER. */
export function ownerLogin(env: Environment): Login {
	const { DB_OWNER_USER: user, DB_OWNER_PASSWORD: password = '' } = env;
	if (!user) return serverLogin(env);
	return { ...serverLogin(env), user, password, variables: 'DB_OWNER_USER and DB_OWNER_PASSWORD' };
}

/** The environment of a child process that acts as this login; nothing else of the owner's is in it. */
export function environmentOf(login: Login, env: Environment): Environment {
	const rest = Object.entries(env).filter(([name]) => !name.startsWith('DB_OWNER_'));
	return { ...Object.fromEntries(rest), DB_USER: login.user, DB_PASSWORD: login.password };
}

/** Directus's DB_SSL and DB_SSL__…: the boot trusts the same server as Directus does. */
function sslOf(env: Environment): boolean | ConnectionOptions | undefined {
	const whole = env['DB_SSL'];
	const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((part) => textOf(env, `DB_SSL__${part}`));
	const reject = env['DB_SSL__REJECT_UNAUTHORIZED'];
	if (!ca && !cert && !key && !reject) return whole ? whole === 'true' : undefined;

	return {
		...(ca ? { ca } : {}),
		...(cert ? { cert } : {}),
		...(key ? { key } : {}),
		...(reject ? { rejectUnauthorized: reject !== 'false' } : {}),
	};
}

/** The value, or the content of the file that NAME_FILE names, as Directus reads both. @throws Stop */
function textOf(env: Environment, name: string): string | undefined {
	const path = env[`${name}_FILE`];
	if (env[name] || !path) return env[name];

	try {
		return readFileSync(path, 'utf8');
	} catch {
		const remedy = 'check the path, the mount and the owner';
		throw new Stop(EXIT.configuration, `${name}_FILE: cannot read the file ${path}; remedy: ${remedy}`);
	}
}
