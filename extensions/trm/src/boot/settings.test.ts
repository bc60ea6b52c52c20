import { describe, expect, it } from 'vitest';
import { EXIT, Stop } from '../lib/exit-status.js';
import { readSettings, type Environment } from './settings.js';

const good: Environment = {
	DB_CLIENT: 'pg',
	DB_HOST: 'db',
	DB_PORT: '5432',
	DB_DATABASE: 'trm',
	DB_USER: 'directus',
	DB_PASSWORD: 'word',
	SECRET: '0123456789abcdef0123456789abcdef',
	ADMIN_EMAIL: 'admin@example.com',
	ADMIN_PASSWORD: 'Secret-1234',
	PUBLIC_URL: 'https://race.example.com',
	DB_SEARCH_PATH: 'public',
	DB_WAIT_TIMEOUT: '60',
	BOOT_LOCK_TIMEOUT: '600',
	DB_STATEMENT_TIMEOUT: '60',
};

function problems(env: Environment, others: string[] = []): readonly string[] {
	try {
		readSettings({ ...good, ...env }, others);
		return [];
	} catch (error) {
		expect(error).toBeInstanceOf(Stop);
		expect((error as Stop).status).toBe(EXIT.configuration);
		return (error as Stop).lines;
	}
}

describe('readSettings', () => {
	it('takes a complete configuration, seconds as numbers', () => {
		expect(readSettings({ ...good, BOOT_FORCE: 'true' })).toMatchObject({ DB_WAIT_TIMEOUT: 60, BOOT_FORCE: 'true' });
	});

	it('names all missing variables in one line', () => {
		const names = 'DB_CLIENT DB_HOST DB_DATABASE DB_USER DB_PASSWORD SECRET ADMIN_EMAIL ADMIN_PASSWORD PUBLIC_URL';
		const none = Object.fromEntries(names.split(' ').map((name) => [name, undefined]));
		expect(problems(none)).toEqual([
			`required variables are missing: ${names}; remedy: set each of them, or NAME_FILE with the path of a file that holds the value`,
		]);
	});

	it('counts blanks as missing, and a file that is named as a problem of its own', () => {
		expect(problems({ SECRET: ' \t', DB_HOST: ' ', ADMIN_EMAIL: '' })[0]).toContain(
			'missing: DB_HOST SECRET ADMIN_EMAIL;',
		);
		expect(
			problems({ SECRET: undefined, SECRET_FILE: '/nowhere', TRM_CONFIG_PROBLEMS: 'SECRET_FILE: no\nKEY_FILE: no' }),
		).toEqual(['SECRET_FILE: no', 'KEY_FILE: no']);
	});

	it('names everything that is wrong at once', () => {
		const env = {
			DB_CLIENT: 'mysql',
			SECRET: '',
			DB_PORT: 'abc',
			BOOT_LOCK_TIMEOUT: '-1',
			TRM_CONFIG_PROBLEMS: 'a file',
		};
		expect(problems(env, ['no pm2-runtime'])).toEqual([
			'a file',
			expect.stringContaining('missing: SECRET;'),
			expect.stringContaining('DB_CLIENT is "mysql"'),
			expect.stringContaining('DB_PORT is "abc"'),
			expect.stringContaining('BOOT_LOCK_TIMEOUT is "-1"'),
			'no pm2-runtime',
		]);
	});

	it.each([
		['DB_CLIENT', 'sqlite3', 'DB_CLIENT is "sqlite3", and only pg is supported'],
		[
			'DB_CONNECTION_STRING',
			'postgres://elsewhere/x',
			'DB_CONNECTION_STRING is set, which the boot does not take; remedy: unset it',
		],
		['DB_CONNECTION_STRING_FILE', '/nowhere', 'DB_CONNECTION_STRING is set'],
		[
			'WEBSOCKETS_ENABLED',
			'true',
			'WEBSOCKETS_ENABLED is "true", and over WebSockets items are asked for and changed past what is closed',
		],
		[
			'DB_SEARCH_PATH',
			'directus',
			'DB_SEARCH_PATH is "directus", and the migrations make everything in public; remedy: unset it',
		],
		...['abc', '0', '65536', '5432 1'].map((port) => [
			'DB_PORT',
			port,
			`DB_PORT is "${port}"; remedy: give a port number, such as 5432`,
		]),
		['PORT', '99999', 'PORT is "99999"; remedy: give a port number, such as 8055'],
		...[
			'BOOT_FORCE',
			'REDIS_ENABLED',
			'EXTENSIONS_MUST_LOAD',
			'EXTENSIONS_ROLLDOWN',
			'CACHE_SCHEMA_FREEZE_ENABLED',
			'SESSION_COOKIE_SECURE',
			'REFRESH_TOKEN_COOKIE_SECURE',
		].map((name) => [name, 'yes', `${name} is "yes"; remedy: true or false, or leave it unset`]),
		...[
			'DB_POOL__MIN',
			'DB_POOL__MAX',
			'QUERY_LIMIT_MAX',
			'MAX_BATCH_MUTATION',
			'IMPORT_MAX_CONCURRENCY',
			'SERVER_SHUTDOWN_TIMEOUT',
			'PM2_KILL_TIMEOUT',
		].map((name) => [name, '5s', `${name} is "5s"; remedy: give a whole number, or leave it unset`]),
		...['DB_WAIT_TIMEOUT', 'BOOT_LOCK_TIMEOUT', 'DB_STATEMENT_TIMEOUT'].map((name) => [
			name,
			'-1',
			`${name} is "-1"; remedy: give whole seconds, such as 60`,
		]),
		...[
			'race.example.com:8055',
			'"https://race.example.com',
			'https://race example.com',
			'https://',
			'ftp://race.example.com',
		].map((address) => [
			'PUBLIC_URL',
			address,
			`PUBLIC_URL is "${address}", which is no address of a site; remedy: give scheme and host, such as https://race.example.com`,
		]),
	] as [string, string, string][])('refuses %s=%s', (name, value, line) => {
		const lines = problems({ [name]: value });
		expect(lines).toEqual([expect.stringContaining(line)]);
		expect(lines.join()).not.toContain('elsewhere');
	});

	it.each([
		['WEBSOCKETS_ENABLED', 'false'],
		['BOOT_FORCE', 'false'],
		['DB_WAIT_TIMEOUT', '0'],
		['PUBLIC_URL', 'http://[::1]:8055/race'],
		['DB_POOL__MAX', ''],
	])('takes %s=%s', (name, value) => {
		expect(problems({ [name]: value })).toEqual([]);
	});

	it.each(['redis-sentinel', 'rediss-sentinel', 'redis-cluster', 'rediss-cluster'])(
		'refuses %s where Directus itself would use it, without the password',
		(form) => {
			const REDIS = `${form}://relay:hidden@a,b/0#race`;
			const lines = problems({ REDIS, REDIS_ENABLED: 'true', RATE_LIMITER_STORE: 'redis' });
			expect(lines).toEqual([
				expect.stringContaining(
					`REDIS_ENABLED=true makes Directus itself use REDIS, and it does not understand ${form}://; remedy: unset REDIS_ENABLED`,
				),
				expect.stringContaining('RATE_LIMITER_STORE=redis makes Directus itself use REDIS'),
			]);
			expect(lines.join()).not.toContain('hidden');
			expect(problems({ REDIS, REDIS_ENABLED: 'false' })).toEqual([]);
			expect(problems({ REDIS: 'redis://a', REDIS_ENABLED: 'true' })).toEqual([]);
		},
	);
});
