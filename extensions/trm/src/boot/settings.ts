import { z } from 'zod';
import { EXIT, Stop } from '../lib/exit-status.js';

const REQUIRED = [
	...['DB_CLIENT', 'DB_HOST', 'DB_DATABASE', 'DB_USER', 'DB_PASSWORD'],
	...['SECRET', 'ADMIN_EMAIL', 'ADMIN_PASSWORD', 'PUBLIC_URL'],
];

const matching = (pattern: RegExp, remedy: string) =>
	z.string().regex(pattern, { error: ({ input }) => `is "${input}"; remedy: ${remedy}` });

const seconds = matching(/^(0|[1-9]\d{0,5})$/, 'give whole seconds, such as 60').transform(Number);
// Directus takes another text for no limit.
const number = matching(/^(0|[1-9]\d{0,8})$/, 'give a whole number, or leave it unset').optional();
const boolean = matching(/^(true|false)$/, 'true or false, or leave it unset').optional();

const isPort = (value: string) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535;
const port = (example: number) =>
	z.string().refine(isPort, { error: ({ input }) => `is "${input}"; remedy: give a port number, such as ${example}` });

/** The address that cookies, links in e-mail and the check of a request's origin are made from. */
const WEB_ADDRESS = /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(\/[^\]\s"'<>?#\\[]*)?$/;

const schema = z.object({
	DB_CLIENT: z
		.literal('pg', {
			error: ({ input }) =>
				`is "${input}", and only pg is supported (the upstream image presets sqlite3); remedy: DB_CLIENT=pg`,
		})
		.optional(),
	DB_PORT: port(5432),
	PORT: port(8055).optional(),
	DB_POOL__MIN: number,
	DB_POOL__MAX: number,
	QUERY_LIMIT_MAX: number,
	MAX_BATCH_MUTATION: number,
	IMPORT_MAX_CONCURRENCY: number,
	SERVER_SHUTDOWN_TIMEOUT: number,
	PM2_KILL_TIMEOUT: number,
	BOOT_FORCE: boolean,
	REDIS_ENABLED: boolean,
	EXTENSIONS_MUST_LOAD: boolean,
	EXTENSIONS_ROLLDOWN: boolean,
	CACHE_SCHEMA_FREEZE_ENABLED: boolean,
	SESSION_COOKIE_SECURE: boolean,
	REFRESH_TOKEN_COOKIE_SECURE: boolean,
	DB_SEARCH_PATH: z.literal('public', {
		error: ({ input }) => `is "${input}", and the migrations make everything in public; remedy: unset it`,
	}),
	// Over WebSockets items are asked for and changed past the routes that the bundle closes to all but administrators.
	WEBSOCKETS_ENABLED: z
		.literal('false', {
			error: ({ input }) =>
				`is "${input}", and over WebSockets items are asked for and changed past what is closed to all but administrators; remedy: unset it`,
		})
		.optional(),
	PUBLIC_URL: z
		.string()
		.regex(WEB_ADDRESS, {
			error: ({ input }) =>
				`is "${input}", which is no address of a site; remedy: give scheme and host, such as https://race.example.com`,
		})
		.optional(),
	DB_WAIT_TIMEOUT: seconds,
	BOOT_LOCK_TIMEOUT: seconds,
	DB_STATEMENT_TIMEOUT: seconds,
});

export type Environment = Record<string, string | undefined>;
export type Settings = z.output<typeof schema>;

/** @param problems what else is wrong. @throws Stop with everything that is wrong. */
export function readSettings(env: Environment, problems: readonly string[] = []): Settings {
	// An empty variable is not set.
	const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
	const parsed = schema.safeParse(given);
	const wrong = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];

	const all = [
		...(env['TRM_CONFIG_PROBLEMS'] ?? '').split('\n').filter(Boolean),
		...missing(given),
		...wrong,
		...connectionString(given),
		...redisOfDirectus(given),
		...problems,
	];

	if (parsed.success && all.length === 0) return parsed.data;
	throw new Stop(EXIT.configuration, ...all);
}

function missing(given: Environment): string[] {
	// Where the file is wrong, that is the problem.
	const names = REQUIRED.filter((name) => given[name] === undefined && given[`${name}_FILE`] === undefined);
	const remedy = 'set each of them, or NAME_FILE with the path of a file that holds the value';
	return names.length === 0 ? [] : [`required variables are missing: ${names.join(' ')}; remedy: ${remedy}`];
}

/** Directus would take it and the migrations DB_HOST: one boot, two databases. */
function connectionString(given: Environment): string[] {
	if (given['DB_CONNECTION_STRING'] === undefined && given['DB_CONNECTION_STRING_FILE'] === undefined) return [];
	const remedy = 'unset it and give DB_HOST, DB_PORT, DB_DATABASE, DB_USER and DB_PASSWORD';
	return [`DB_CONNECTION_STRING is set, which the boot does not take; remedy: ${remedy}`];
}

/** Sentinel and Cluster are known to the relay alone: Directus would ask a host of that name, at its start and for ever. */
function redisOfDirectus(given: Environment): string[] {
	const [form] = /^rediss?-(sentinel|cluster):/.exec(given['REDIS'] ?? '') ?? [];
	if (form === undefined) return [];

	return Object.entries(given)
		.filter(
			([name, value]) => `${name}=${value}` === 'REDIS_ENABLED=true' || (/_STORE$/.test(name) && value === 'redis'),
		)
		.map(
			([name, value]) =>
				`${name}=${value} makes Directus itself use REDIS, and it does not understand ${form}//; ` +
				`remedy: unset ${name} (the event stream does not need it), or give a REDIS of the form redis://host:6379/0`,
		);
}
