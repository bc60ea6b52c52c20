import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { eventually, freePort, run, runToEnd } from '../support/processes.js';

/** What a deployer, a developer with Docker and a forge run: secrets, dev:reset's refusals, names of a release. */
let directory: string;

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), 'trm-deployment-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const start = (command: string, args: string[], env: Record<string, string | undefined> = {}) =>
	runToEnd(command, args, { cwd: root, env: { ...process.env, ...env } });

const isThere = (path: string) =>
	access(path).then(
		() => true,
		() => false,
	);

describe('make-secrets.sh', () => {
	const place = () => join(directory, 'secrets');
	const make = () => start(join(root, 'scripts/make-secrets.sh'), [place()]);
	const read = (name: string) => readFile(join(place(), name), 'utf8').then((text) => text.replace(/\n$/, ''));
	const hashOf = (password: string) => `#${createHash('sha256').update(password).digest('hex')}`;

	it('makes each secret once, in a directory closed to other users', async () => {
		expect(await make()).toMatchObject({ code: 0, output: expect.stringContaining('made in') });
		expect((await stat(place())).mode & 0o777).toBe(0o700);
		const names = await readdir(place());
		const before = await Promise.all(names.map(read));
		expect(before.join('\n').split('\n')).toHaveLength(8);
		const passwords = ['secret', 'admin_password', 'db_password', 'postgres_password', 'redis_password'];
		expect(new Set(await Promise.all(passwords.map(read))).size).toBe(passwords.length);

		expect(await make()).toMatchObject({ code: 0, output: expect.stringContaining('nothing to make') });
		expect(await Promise.all(names.map(read))).toEqual(before);
	});

	it('makes the files of Redis from one password, and refuses to guess it', async () => {
		await make();
		const password = await read('redis_password');
		expect(await read('redis_url')).toBe(`redis://trm:${password}@redis:6379/0`);
		expect(await read('redis_acl')).toContain(hashOf(password));
		expect(await read('redis_acl')).not.toContain(password);

		await rm(join(place(), 'redis_acl'));
		expect((await make()).code).toBe(0);
		expect(await read('redis_acl')).toContain(hashOf(password));

		await rm(join(place(), 'redis_password'));
		expect(await make()).toMatchObject({ code: 78, output: expect.stringContaining('redis_password is missing') });
		expect(await isThere(join(place(), 'redis_password'))).toBe(false);
	});

	it('makes a Redis of compose.yaml that lets nobody in without the secret', async () => {
		await make();
		const port = String(await freePort());
		const given = await readFile(join(root, 'compose/redis/redis.conf'), 'utf8');
		const configuration = given
			.replaceAll('/run/secrets/redis_acl', join(place(), 'redis_acl'))
			.replace(/^dir .*/m, `dir ${directory}`);
		await writeFile(join(directory, 'redis.conf'), configuration);
		const server = run('redis-server', [join(directory, 'redis.conf'), '--port', port, '--bind', '127.0.0.1'], {});

		try {
			await eventually('Redis is ready', () => server.output().includes('Ready to accept connections'));
			const ask = async (args: string[], env = {}) => (await start('redis-cli', ['-p', port, ...args], env)).output;
			const known = { REDISCLI_AUTH: await read('redis_password') };
			expect(await ask(['XADD', 'trm:events', '1-0', 'a', 'b'])).toContain('NOAUTH');
			expect(await ask(['--user', 'trm', 'XADD', 'trm:events', '1-0', 'a', 'b'], known)).toContain('1-0');
			expect(await ask(['--user', 'trm', 'CONFIG', 'GET', 'maxmemory-policy'], known)).toContain('noeviction');
		} finally {
			expect(await server.end()).toBe(0);
		}
	});
});

describe('dev:reset', () => {
	const reset = (args: string[], env = {}) => start('npm', ['run', '-s', 'dev:reset', '--', ...args], env);

	it('refuses arguments that it does not know, and projects that may be somebody else’s', async () => {
		expect(await reset(['--everything'])).toMatchObject({ code: 64, output: expect.stringContaining('--everything') });
		expect(await reset(['--yes'], { TRM_DEV_PROJECT: 'production' })).toMatchObject({
			code: 78,
			output: expect.stringContaining('TRM_DEV_PROJECT=production'),
		});
		expect(await reset(['--yes'], { TRM_SEED: 'rally-atlantis' })).toMatchObject({
			code: 78,
			output: expect.stringContaining('there is no seeds/rally-atlantis'),
		});
	});

	const devReset = join(root, 'scripts/dev-reset.mjs');

	it('says what is missing where there is no docker', async () => {
		const programs = join(directory, 'bin');
		await mkdir(programs);
		const found = (await readdir('/usr/bin')).filter((name) => !name.startsWith('docker'));
		await Promise.all(found.map((name) => symlink(join('/usr/bin', name), join(programs, name))));
		const { code, output } = await start(process.execPath, [devReset, '--yes'], { PATH: programs });
		expect([code, output]).toEqual([69, expect.stringContaining('There is no docker here')]);
		expect(output).toContain('npm start');
	});

	it('says so when no engine answers, and touches nothing', async ({ skip }) => {
		if ((await start('sh', ['-c', 'command -v docker'])).code !== 0) skip('there is no docker on this machine');
		const state = join(directory, 'state');
		const env = { DOCKER_HOST: `unix://${directory}/none.sock`, TRM_STATE_DIR: state };
		const { code, output } = await start(process.execPath, [devReset, '--yes'], env);
		expect([code, output]).toEqual([69, expect.stringContaining('The Docker engine does not answer')]);
		expect(await isThere(join(state, 'compose-dev'))).toBe(false);
	});
});

describe('image-names.sh', () => {
	const names = (tag: string, env = {}) =>
		start(join(root, 'scripts/ci/image-names.sh'), [tag], {
			REGISTRY: 'git.example.com',
			IMAGE: 'Owner/TRM-Directus',
			...env,
		});

	it.each([
		['v1.2.3', '1.2.3', 'git.example.com/owner/trm-directus:1.2.3,git.example.com/owner/trm-directus:1.2'],
		['v1.2.3-rc.1', '1.2.3-rc.1', 'git.example.com/owner/trm-directus:1.2.3-rc.1'],
	])('publishes %s as %s, a release under X.Y too', async (tag, version, tags) => {
		expect(await names(tag)).toEqual({ code: 0, output: `version=${version}\ntags=${tags}\n` });
	});

	it.each(['latest', 'v1', 'v1.2.3.4', 'v1.2.3 latest'])('refuses the tag %s', async (tag) => {
		expect((await names(tag)).code).toBe(78);
	});

	it('refuses to guess a registry', async () => {
		expect((await names('v1.2.3', { REGISTRY: '' })).code).toBe(78);
	});
});
