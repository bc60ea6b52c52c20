import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entrypoint, runBoot } from '../support/boot.js';
import { root } from '../support/environment.js';
import { cloneDatabase, dropDatabase } from '../support/templates.js';

const work = mkdtempSync(join(tmpdir(), 'trm-arguments-'));
let database: string;
const file = (name: string, text: string) => (writeFileSync(join(work, name), text), join(work, name));
const command = (env: Record<string, string | undefined>, ...args: string[]) =>
	runBoot(database, env, [entrypoint, ...args]);

beforeAll(async () => {
	database = await cloneDatabase('template0');
});

afterAll(async () => {
	rmSync(work, { recursive: true });
	await dropDatabase(database);
});

describe('the configuration', () => {
	it('is refused before the database is touched: all problems at once, on stderr, exit 78', async () => {
		const env = {
			SECRET: '',
			ADMIN_EMAIL: undefined,
			DB_PORT: 'abc',
			DB_PASSWORD: undefined,
			DB_PASSWORD_FILE: '/nowhere',
		};
		const began = Date.now();
		const { status, log } = await runBoot(database, { ...env, KEY_FILE: file('empty', '\r\n') });
		expect(status).toBe(78);
		expect(log).toContain('error: DB_PASSWORD_FILE: cannot read the file /nowhere as user');
		expect(log).toContain(
			`error: KEY_FILE: the file ${join(work, 'empty')} is empty; remedy: write the value of KEY into it`,
		);
		expect(log).toContain('error: required variables are missing: SECRET ADMIN_EMAIL; remedy');
		expect(log).toContain('error: DB_PORT is "abc"; remedy: give a port number');
		expect(log.trim().split('\n')).toHaveLength(5);
		expect(Date.now() - began).toBeLessThan(10_000);

		const stdout = await runBoot(database, { SECRET: '' }, ['sh', '-c', 'exec "$0" 2>/dev/null', entrypoint]);
		expect(stdout).toEqual({ status: 78, log: `[entrypoint] TRM Directus from the checkout ${root}\n` });
	});

	it('is refused where node or the bundle of the image is missing, which would name the other problems', async () => {
		expect(
			await runBoot(database, { PATH: '/usr/bin:/bin' }, ['sh', '-c', 'PATH="$1"; exec "$0"', entrypoint, tools()]),
		).toEqual({
			status: 78,
			log: '[entrypoint] error: no node on PATH; remedy: install it, or correct PATH\n',
		});
	});

	it('names a wrong secret file, and both variants, before any other command too', async () => {
		const both = await command({ SECRET_FILE: join(work, 'empty') }, 'true');
		expect(both).toEqual({
			status: 78,
			log: '[entrypoint] error: both SECRET and SECRET_FILE are set; remedy: keep one of them\n',
		});
		const half = await command({ DB_OWNER_USER: 'owner' }, 'db-init', '--status');
		expect(half.status).toBe(78);
		expect(half.log).toContain('only one of DB_OWNER_USER and DB_OWNER_PASSWORD is set; remedy: set both');
	});
});

/** A directory with what the entrypoint itself calls, without node. */
function tools(): string {
	const directory = join(work, 'tools');
	mkdirSync(directory);
	for (const tool of ['dirname', 'env', 'sed', 'cat', 'tr', 'id', 'sh'])
		symlinkSync(`/usr/bin/${tool}`, join(directory, tool));
	return directory;
}

describe('with arguments', () => {
	it('runs a command as it stands, with its exit status', async () => {
		expect(await command({}, 'sh', '-c', 'echo "just $0"; exit 3', 'this')).toEqual({ status: 3, log: 'just this\n' });
	});

	it('reads secrets from files, unsets NAME_FILE, and keeps what is inside a value', async () => {
		const names = ['DB_PASSWORD', 'SECRET', 'ADMIN_PASSWORD', 'REDIS', 'EVENT_REDIS_SENTINEL_PASSWORD'];
		const env = Object.fromEntries(
			names.flatMap((name) => [
				[name, undefined],
				[`${name}_FILE`, file(name, `value of ${name}\r\n\r\n\n`)],
			]),
		);
		const lines = (await command(env, 'env')).log.split('\n');
		for (const name of names) expect(lines).toContain(`${name}=value of ${name}`);
		expect(
			lines.filter((line) => /^(\w+_FILE|TRM_CONFIG\w+)=/.test(line) && !line.startsWith('ECOSYSTEM_FILE')),
		).toEqual([]);
		expect(lines.join('\n')).not.toMatch(/[^\n]\r/);
	});

	it('sets what Directus needs and the operator did not, and nothing else', async () => {
		const unset = { DB_EXCLUDE_TABLES: undefined, PROJECT_OWNER: undefined, DB_PORT: undefined };
		expect((await command(unset, 'env')).log.split('\n')).toEqual(
			expect.arrayContaining([
				...[
					'PROJECT_OWNER=admin@example.com',
					'DB_EXCLUDE_TABLES=positions,spatial_ref_sys',
					'DB_PORT=5432',
					'DB_SEARCH_PATH=public',
				],
				...['IMPORT_TIMEOUT=1m', 'IMPORT_MAX_CONCURRENCY=2', 'REDIS_ENABLED=false', 'EXTENSIONS_MUST_LOAD=true'],
			]),
		);
		const given = { DB_EXCLUDE_TABLES: 'other', PROJECT_OWNER: 'owner@example.com', IMPORT_TIMEOUT: '30s' };
		expect((await command(given, 'env')).log.split('\n')).toEqual(
			expect.arrayContaining([
				'IMPORT_TIMEOUT=30s',
				'DB_EXCLUDE_TABLES=other,positions',
				'PROJECT_OWNER=owner@example.com',
			]),
		);
	});

	it.each([
		['"https://race.example.com"'],
		[' https://race.example.com '],
		['HTTPS://race.example.com'],
		["'Https://race.example.com'"],
	])('quotes and blanks around a value are no part of it: %s', async (address) => {
		const script = 'echo "$PUBLIC_URL $EVENT_STREAM $SESSION_COOKIE_SECURE [$DB_PASSWORD]"';
		const env = { PUBLIC_URL: address, EVENT_STREAM: ' "12345"', DB_PASSWORD: ' "word" ' };
		expect((await command(env, 'sh', '-c', script)).log).toBe('https://race.example.com 12345 true [ "word" ]\n');
	});

	it('runs the commands about the schema as the owner, any other without his login', async () => {
		const owner = {
			DB_USER: 'server',
			DB_OWNER_USER: 'owner',
			DB_OWNER_PASSWORD_FILE: file('owner', 'the-owners-word\n'),
		};
		const other = await command(owner, 'env');
		expect(other.log).toContain('DB_USER=server\n');
		expect(other.log).not.toMatch(/DB_OWNER|the-owners-word/);
		const door = await command(owner, 'trm', 'events', 'status');
		expect(door.log).toMatch(/refuses the login: .*user "owner"/);
	});
});
