import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryOf, VEHICLE } from '../../packages/event-contract/sample-event.js';
import { Consumers, idOf, STREAM } from '../support/consuming.js';
import { root } from '../support/environment.js';
import { eventually, freePort, run } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;
let state: string;

const script = join(root, 'scripts/local/events-tail.sh');

/** A state directory of its own: no stack runs there. */
const environment = (env: Record<string, string> = {}) => ({ PATH: process.env['PATH'], TRM_STATE_DIR: state, ...env });

function tail(args: string[], env: Record<string, string> = { REDIS_URL: all.server.url }) {
	return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
		execFile('bash', [script, ...args], { env: environment(env) }, (error, stdout, stderr) =>
			resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
		);
	});
}

const updated = (sequence: number) => ({
	...entryOf({
		sequence,
		type: 'trm.vehicles.updated',
		data: {
			row: { ...VEHICLE, make: 'Honda' },
			changed: {
				make: { old: 'KTM\u001b[2J', new: 'Honda' },
				date_updated: { old: null, new: '2026-06-07T08:00:00+00:00' },
			},
		},
	}),
});

beforeAll(async () => {
	all = new Consumers(await RedisServer.start());
	state = await mkdtemp(join(tmpdir(), 'trm-tail-'));
	const entries: Record<number, Record<string, string>> = {
		2: updated(2),
		3: { ...entryOf({ sequence: 3, type: 'trm.stream.rebuilt', data: { found: 0 } }), subject: `stream/${STREAM}` },
		4: { hello: 'world' },
	};
	await all.publish([1, 2, 3, 4, 5], (sequence) => entries[sequence] ?? idOf(sequence));
});

afterAll(async () => {
	await all?.end();
	await rm(state, { recursive: true, force: true });
});

describe('npm run events:tail', () => {
	it('prints time, sequence, type and subject, and of an update the columns from old to new', async () => {
		const { code, stdout } = await tail(['--no-follow']);
		const lines = stdout.trimEnd().split('\n');

		expect(code).toBe(0);
		expect(lines[0]).toMatch(/^2026-06-07 08:00:00\.123456Z +1 +trm\.vehicles\.created +vehicles\/33333333-/);
		expect(lines[1]).toMatch(/ 2 +trm\.vehicles\.updated /);
		// A control character in a value must not reach the terminal, and bookkeeping is noise.
		expect(lines[2]).toBe('    make: "KTM\\u001b[2J" → "Honda"');
		expect(lines[3]).toMatch(/ 3 +trm\.stream\.rebuilt +stream\/trm:events$/);
		expect(lines[4]).toBe('    found 0');
		expect(lines[5]).toMatch(/INVALID_EVENT: data\.published/);
		expect(stdout).toContain('4-0');
		expect(stdout).not.toContain('\u001b');
	});

	it.each<[args: string[], sequences: number[]]>([
		[
			['--from', '4'],
			[4, 5],
		],
		[
			['--type', 'trm.vehicles.*'],
			[1, 2, 5],
		],
		[
			['--type', '*.updated', '--type', 'trm.stream.*'],
			[2, 3],
		],
		[['--type', '*.creat?d', '--from', '2'], [5]],
		[['--subject', 'stream/*'], [3]],
		[['--subject', 'vehicles'], []],
	])('%j gives %j', async (args, sequences) => {
		const { stdout } = await tail(['--no-follow', '--json', ...args]);
		const lines = stdout.split('\n').filter(Boolean);
		expect(lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual(sequences);
	});

	it('gives JSON with the data parsed', async () => {
		const { stdout } = await tail(['--no-follow', '--json', '--from', '5']);
		expect(JSON.parse(stdout)).toMatchObject({
			entry: '5-0',
			sequence: 5,
			type: 'trm.vehicles.created',
			data: { row: VEHICLE },
		});
	});

	it('follows the stream of the stack that runs, from now on', async () => {
		await writeFile(join(state, 'stack.env'), `REDIS_URL=${all.server.url}\nEVENT_STREAM=${STREAM}\n`);
		const following = run('bash', [script], { env: environment() });

		try {
			let sequence = 100;
			await eventually('a new event is printed', async () => {
				await all.publish([(sequence += 1)]);
				return following.output().includes(' trm.vehicles.created ');
			});
			expect(following.output()).not.toContain('trm.vehicles.updated');
			expect(await following.end('SIGINT')).toBe(0);
		} finally {
			await following.end('SIGKILL');
			await rm(join(state, 'stack.env'));
		}
	});

	it.each([
		[{}, 'on a terminal', true],
		[{ NO_COLOR: '1' }, 'not where NO_COLOR is set', false],
	])('with %o: colours %s', async (env, _what, isColoured) => {
		const command = `script -qec "bash ${script} --no-follow" /dev/null`;
		const settings = environment({
			REDIS_URL: all.server.url,
			TERM: 'xterm-256color',
			...(env as Record<string, string>),
		});
		const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
			execFile('bash', ['-c', command], { env: settings }, (_error, stdout) => resolve({ stdout }));
		});

		expect(stdout).toContain('trm.vehicles.created');
		expect(stdout.includes('\u001b[32m')).toBe(isColoured);
	});
});

describe('its errors say what to do', () => {
	it('where there is no Redis: the address, without the password', async () => {
		const port = await freePort();
		const { code, stderr } = await tail([], { REDIS_URL: `redis://:secret@127.0.0.1:${port}/0` });
		expect(code).toBe(69);
		expect(stderr).toContain(`127.0.0.1:${port}`);
		expect(stderr).toContain('npm start');
		expect(stderr).not.toContain('secret');
	});

	it('where no stack runs and none is named', async () => {
		const { code, stderr } = await tail([], {});
		expect(code).toBe(69);
		expect(stderr).toContain('npm start');
	});

	it.each([[['--frm', '3']], [['--from', 'yesterday']]])('for %j: the usage', async (args) => {
		const { code, stderr } = await tail(args);
		expect(code).toBe(64);
		expect(stderr).toContain('Usage: npm run events:tail');
	});

	it('for a key that is no stream', async () => {
		await all.redis.set('text', 'x');
		const { code, stderr } = await tail(['--no-follow'], { REDIS_URL: all.server.url, EVENT_STREAM: 'text' });
		expect(code).toBe(69);
		expect(stderr).toContain('WRONGTYPE');
	});
});
