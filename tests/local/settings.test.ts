import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { runToEnd } from '../support/processes.js';

/** What npm start takes from .env, from secret files and from .local/secrets.env. */
let directory: string;
let state: string;

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), 'trm-settings-'));
	state = join(directory, 'state');
	await mkdir(state);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs it where npm start's functions are. */
const inScripts = (command: string, env: Record<string, string> = {}) =>
	runToEnd('bash', ['-euo', 'pipefail', '-c', `source '${root}/scripts/local/lib/common.sh'; ${command}`], {
		env: { PATH: process.env['PATH'], HOME: directory, TRM_STATE_DIR: state, ...env },
	});

async function file(name: string, content: string): Promise<string> {
	const path = join(directory, name);
	await writeFile(path, content);
	return path;
}

describe('.env', () => {
	it('may have spaces around =, quotes, comments, CRLF and a byte order mark', async () => {
		const env = await file('env', '\ufeffONE=1\r\n# TWO=no\r\n\r\nTWO = 2 # two\r\n export THREE="3 # 3"\r\nFOUR=a=b');
		const { output } = await inScripts(`load_env_file '${env}'; printf '%s|' "$ONE" "$TWO" "$THREE" "$FOUR"`);
		expect(output).toBe('1|2|3 # 3|a=b|');
	});

	it('with a line that sets nothing is refused: the line is named by its number and not shown', async () => {
		const env = await file('env', 'ONE=1\nADMIN-PASSWORD=hush\n');
		const { code, output } = await inScripts(`load_env_file '${env}'`);
		expect(code).toBe(78);
		expect(output).toContain(`${env}:2 is neither a comment nor NAME=value`);
		expect(output).not.toContain('hush');
	});
});

it('npm start takes from NAME_FILE what the entrypoint takes, and refuses the same', async () => {
	const email = await file('email', 'rider@example.com\r\n');
	const host = await file('host', 'db.example.com\n');
	const show = `resolve_secret_files; printf "%s|" "$ADMIN_EMAIL" "$DB_HOST" "\${ADMIN_EMAIL_FILE-unset}"`;
	const taken = await inScripts(show, { ADMIN_EMAIL_FILE: email, DB_HOST_FILE: host });
	expect(taken.output).toBe('rider@example.com|db.example.com|unset|');

	const wrong = { DB_USER: 'me', DB_USER_FILE: host, DB_DATABASE_FILE: '/nowhere' };
	const { code, output } = await inScripts('resolve_secret_files', wrong);
	expect(code).toBe(78);
	expect(output).toContain('both DB_USER and DB_USER_FILE are set');
	expect(output).toContain('DB_DATABASE_FILE: cannot read the file /nowhere');
});

describe('secrets.env', () => {
	const NAMES = ['SECRET', 'ADMIN_PASSWORD', 'DB_PASSWORD', 'TRM_PG_SUPERUSER_PASSWORD', 'TRM_REDIS_PASSWORD'];
	const path = () => join(state, 'secrets.env');
	const linesOf = async () => (await readFile(path(), 'utf8')).split('\n').slice(0, -1);

	it('is made once, each start finds it, and it is completed while there is no cluster', async () => {
		expect((await inScripts('ensure_secrets')).code).toBe(0);
		const before = await linesOf();
		expect((await inScripts('ensure_secrets')).code).toBe(0);
		expect(await linesOf()).toEqual(before);
		expect(before.map((line) => line.split('=')[0])).toEqual(NAMES);
		expect((await stat(path())).mode & 0o777).toBe(0o600);

		await writeFile(path(), `${before.slice(0, 2).join('\n')}\n`);
		expect((await inScripts('ensure_secrets')).code).toBe(0);
		const completed = await linesOf();
		expect(completed).toHaveLength(5);
		expect(completed.slice(0, 2)).toEqual(before.slice(0, 2));
	});

	it('that was cut off, or is gone, stops the start beside a cluster that has its passwords', async () => {
		expect((await inScripts('ensure_secrets')).code).toBe(0);
		const before = await linesOf();
		await mkdir(join(state, 'postgres'));
		await writeFile(join(state, 'postgres/PG_VERSION'), '15\n');

		const three = `${before.slice(0, 3).join('\n')}\n`;
		await writeFile(path(), three);
		const lacking = await inScripts('ensure_secrets');
		expect([lacking.code, lacking.output]).toEqual([78, expect.stringContaining('lacks TRM_PG_SUPERUSER_PASSWORD')]);
		expect(lacking.output).toContain('npm run reset');
		expect(await readFile(path(), 'utf8')).toBe(three);

		await writeFile(path(), before.join('\n').slice(0, -4));
		const cut = await inScripts('ensure_secrets');
		expect([cut.code, cut.output]).toEqual([78, expect.stringContaining('is cut off')]);

		await rm(path());
		const gone = await inScripts('ensure_secrets');
		expect([gone.code, gone.output]).toEqual([78, expect.stringContaining('is gone')]);
		await expect(stat(path())).rejects.toMatchObject({ code: 'ENOENT' });
	});
});

it('two state directories with long paths have two homes of pm2', async () => {
	const long = join(state, 'x'.repeat(90));
	const show = `export_stack_environment; printf '%s' "$PM2_HOME"; rmdir "$PM2_HOME"`;
	const first = (await inScripts(show, { TRM_STATE_DIR: join(long, '1') })).output;
	const second = (await inScripts(show, { TRM_STATE_DIR: join(long, '2') })).output;
	for (const home of [first, second]) expect(home).toMatch(/^\/tmp\/trm-pm2-.{1,70}$/);
	expect(first).not.toBe(second);
});

it('the console leaves requests out, fast, slow and aborted, and keeps warnings, events and what looks alike', async () => {
	const requests = [
		'[21:18:40] GET /server/ping 200 3ms',
		'[21:18:40] POST /auth/login 200 1s',
		'[21:18:41] SEARCH /items/events 403 1.2s',
		'[21:18:42] GET /track/1?x=a%20b 200 1m 2.5s',
		'[21:18:42] GET /users/me?fields[]=id null 317ms',
	];
	const others = [
		'[21:18:43] INFO: Server started',
		'[21:18:44] WARN: took 300 5ms too long',
		'no clock GET /server/ping 200 3ms',
	];
	const log = await file('log', [...requests, ...others, ''].join('\n'));
	expect((await inScripts(`without_requests <'${log}'`)).output.trim().split('\n')).toEqual(others);
});
