import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdtemp, open, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { eventually, freePort } from '../support/processes.js';

/** npm start, npm run stop and npm run reset, as typed, with state and ports of their own. */
const START_MS = 600_000;

let directory: string;
let state: string;
let env: Record<string, string | undefined>;

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), 'trm-npm-start-'));
	// Below the directory of npm test's run, where that stops what an interrupted test leaves.
	state = join(process.env['TRM_TEST_RUN'] ?? directory, 'stack');
	// Set and empty: what a .env in the repository says does not count then.
	const unset = ['DB_HOST', 'DB_PASSWORD', 'REDIS', 'SECRET', 'ADMIN_EMAIL', 'ADMIN_PASSWORD', 'HOST', 'PUBLIC_URL'];
	const ports = { PORT: await freePort(), TRM_PG_PORT: await freePort(), TRM_REDIS_PORT: await freePort() };
	env = {
		...process.env,
		NODE_ENV: undefined,
		...Object.fromEntries(unset.map((name) => [name, ''])),
		...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
		TRM_SEED: 'none',
		TRM_STATE_DIR: state,
	};
});

// A stack that runs would make the next test's npm start end with 75.
afterEach(() => npm(['run', 'stop']));

afterAll(async () => {
	await npm(['run', 'reset', '--', '--yes']);
	await rm(directory, { recursive: true, force: true });
});

interface Npm {
	child: ChildProcess;
	output(): Promise<string>;
	/** its exit status; not the end of its output, which processes that outlive it hold open */
	ended: Promise<number | null>;
}

/** In a process group of its own: a terminal sends Ctrl-C to the group. */
async function spawnNpm(args: string[], more: Record<string, string> = {}): Promise<Npm> {
	const path = join(directory, `output-${randomInt(2 ** 40)}`);
	const file = await open(path, 'a');
	const child = spawn('npm', args, {
		cwd: root,
		env: { ...env, ...more },
		detached: true,
		stdio: ['ignore', file.fd, file.fd],
	});
	const ended = once(child, 'exit').then(([code]) => code as number | null);
	await file.close();
	return { child, ended, output: () => readFile(path, 'utf8') };
}

async function npm(args: string[], more: Record<string, string> = {}) {
	const { ended, output } = await spawnNpm(args, more);
	return { code: await ended, output: await output() };
}

async function startStack(more: Record<string, string> = {}): Promise<Npm> {
	const started = await spawnNpm(['start'], more);

	await eventually(
		'npm start is ready',
		async () => {
			const output = await started.output();
			if (started.child.exitCode !== null || started.child.signalCode !== null) throw new Error(output);
			return output.includes('Ready.');
		},
		START_MS,
	);
	return started;
}

async function stackValue(name: string): Promise<string> {
	const file = await readFile(join(state, 'stack.env'), 'utf8');
	return new RegExp(`^${name}=(.*)$`, 'm').exec(file)?.[1] ?? '';
}

async function sql(statement: string) {
	const client = new pg.Client(await stackValue('DATABASE_URL'));
	await client.connect();
	return client.query(statement).finally(() => client.end());
}

async function onRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
	const redis = new Redis(await stackValue('REDIS_URL'));
	return work(redis).finally(() => redis.disconnect());
}

const isThere = (path: string) =>
	access(path).then(
		() => true,
		() => false,
	);

async function expectNothingListens(): Promise<void> {
	for (const name of ['PORT', 'TRM_PG_PORT', 'TRM_REDIS_PORT']) {
		const server = createServer().listen(Number(env[name]), '127.0.0.1');
		await once(server, 'listening');
		server.close();
		await once(server, 'close');
	}
}

const pidIn = async (file: string) => Number((await readFile(join(state, file), 'utf8')).split(/\s/)[0]);

describe('npm start', () => {
	it('serves with the password it tells, refuses a second, and Ctrl-C ends all of it with exit 0', async () => {
		const { child, ended, output } = await startStack();
		const [email, password] = [await stackValue('ADMIN_EMAIL'), await stackValue('ADMIN_PASSWORD')];
		const { status } = await fetch(`${await stackValue('PUBLIC_URL')}/auth/login`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ email, password }),
		});
		expect(status).toBe(200);

		// Requests are in the log, and the console stays free for warnings and events.
		expect(await readFile(join(state, 'log/directus.log'), 'utf8')).toContain('POST /auth/login 200');
		await eventually('the console has the log', async () => (await output()).includes('Server started'));
		expect(await output()).not.toContain('/auth/login');
		for (const file of ['stack.env', 'secrets.env']) expect((await stat(join(state, file))).mode & 0o777).toBe(0o600);
		await sql('CREATE TABLE kept (i integer); INSERT INTO kept VALUES (1)');
		expect(await onRedis((redis) => redis.set('kept', 1))).toBe('OK');

		const second = await npm(['start']);
		expect(second.code).toBe(75);
		expect(second.output).toMatch(/already running[^]*npm run stop/);

		process.kill(-(child.pid as number), 'SIGINT');
		expect(await ended).toBe(0);
		await expectNothingListens();
		expect(await isThere(join(state, 'stack.env'))).toBe(false);
	});

	it('finds the data the next time, also after everything was killed -9, and npm run stop ends it', async () => {
		const { child } = await startStack();
		expect((await sql('SELECT i FROM kept')).rows).toEqual([{ i: 1 }]);
		expect(await onRedis((redis) => redis.get('kept'))).toBe('1');
		await sql('INSERT INTO kept VALUES (2)');
		await onRedis((redis) => redis.set('kept', 2));

		for (const file of ['run/start.pid', 'run/directus.pid', 'run/redis.pid', 'postgres/postmaster.pid']) {
			process.kill(await pidIn(file), 'SIGKILL');
		}
		child.kill('SIGKILL');

		await startStack();
		expect((await sql('SELECT i FROM kept ORDER BY i')).rows).toEqual([{ i: 1 }, { i: 2 }]);
		expect(await onRedis((redis) => redis.get('kept'))).toBe('2');

		expect((await npm(['run', 'stop'])).code).toBe(0);
		await expectNothingListens();
		expect((await npm(['run', 'stop'])).output).toContain('Nothing of this repository is running.');
	});

	it('whose server dies ends with its last lines, and with what production does then', async () => {
		const { ended, output } = await startStack();
		// pm2 is what is remembered, and the server its child.
		const leader = await pidIn('run/directus.pid');
		const children = await readFile(`/proc/${leader}/task/${leader}/children`, 'utf8');
		for (const pid of children.trim().split(' ')) process.kill(Number(pid), 'SIGKILL');
		expect(await ended).not.toBe(0);
		expect(await output()).toContain('Directus ended by itself with exit');
		expect(await output()).toContain('In production its container is started again by itself');
		await expectNothingListens();
	});

	it('names a taken port with its holder and the variable to change', async () => {
		const port = Number(env['TRM_PG_PORT']);
		const holder = createServer().listen(port, '127.0.0.1');
		await once(holder, 'listening');
		const { code, output } = await npm(['start']);
		holder.close();
		expect(code).toBe(69);
		expect(output).toContain(`Port ${port}, wanted for Postgres, is taken by pid ${process.pid} (`);
		expect(output).toContain('TRM_PG_PORT=');
	});

	it('names a port given twice, and a state directory that cannot be written', async () => {
		const port = String(env['TRM_REDIS_PORT']);
		const twice = await npm(['start'], { PORT: port });
		expect([twice.code, twice.output]).toEqual([
			78,
			expect.stringContaining(`PORT and TRM_REDIS_PORT are both ${port}`),
		]);

		await writeFile(join(directory, 'file'), '');
		const place = join(directory, 'file/state');
		const closed = await npm(['start'], { TRM_STATE_DIR: place });
		expect([closed.code, closed.output]).toEqual([78, expect.stringContaining(`${place} cannot be written`)]);
		expect(closed.output).toContain('TRM_STATE_DIR');
	});
});

it('npm test stops and deletes the stack that an interrupted run of these tests left', async () => {
	const interrupted = join(directory, 'interrupted');
	const place = join(interrupted, 'stack');
	await startStack({ TRM_STATE_DIR: place });
	const cluster = await realpath(join(place, 'postgres'));
	const discard = `source scripts/local/lib/common.sh; source scripts/local/lib/run.sh; discard_run '${interrupted}'`;
	const [code] = await once(spawn('bash', ['-c', discard], { cwd: root, env, stdio: 'ignore' }), 'exit');
	expect(code).toBe(0);
	await expectNothingListens();
	expect(await isThere(cluster)).toBe(false);
	expect(await isThere(interrupted)).toBe(false);
});

it('npm run reset wants a yes, spares a server that is not ours, and leaves nothing behind', async () => {
	const secrets = join(state, 'secrets.env');
	expect((await npm(['run', 'reset'])).code).toBe(78);
	expect((await npm(['run', 'reset', '--', '--yes'], { DB_HOST: 'db.example.com' })).code).toBe(78);
	expect(await isThere(secrets)).toBe(true);

	const cluster = await realpath(join(state, 'postgres'));
	expect(await isThere(join(cluster, 'PG_VERSION'))).toBe(true);
	expect((await npm(['run', 'reset', '--', '--yes'])).code).toBe(0);
	expect(await isThere(cluster)).toBe(false);
	expect(await isThere(secrets)).toBe(false);
});
