import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Consumers, span } from '../support/consuming.js';
import { root } from '../support/environment.js';
import { eventually, run, type Running } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;
let directory: string;
const processes: Running[] = [];

beforeAll(async () => {
	all = new Consumers(await RedisServer.start());
});

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), 'trm-consumer-'));
});

afterEach(async () => {
	await Promise.all(processes.splice(0).map((process) => process.end('SIGKILL')));
	await all.reset();
	await rm(directory, { recursive: true });
});

afterAll(() => all?.end());

const effectsFile = () => join(directory, 'effects');

const effects = async () => {
	const text = await readFile(effectsFile(), 'utf8').catch(() => '');
	return text.split('\n').filter(Boolean).map(Number);
};

function startProcess(consumer: string, env: Record<string, string> = {}): Running {
	const program = ['--import', './bench/typescript-imports.mjs', 'tests/support/consumer-process.ts'];
	const settings = { REDIS_URL: all.server.url, CONSUMER: consumer, EFFECTS: effectsFile(), MIN_IDLE: '400', ...env };
	const running = run('node', program, { cwd: root, env: { PATH: process.env['PATH'], ...settings } });
	processes.push(running);
	return running;
}

const ended = async ({ child }: Running) => {
	if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
	return child.signalCode;
};

describe('a consumer that is killed', () => {
	it('between its handler and the acknowledgement makes no effect twice and none less', async () => {
		await all.publish(span(1, 20));
		expect(await ended(startProcess('worker-1', { DIE_AT: '7' }))).toBe('SIGKILL');
		expect(await effects()).toEqual(span(1, 7));
		expect(await all.pending()).toBeGreaterThan(0);

		const again = startProcess('worker-1');
		await eventually('all are handled', async () => (await effects()).length >= 20);
		await again.end();

		expect(await effects()).toEqual(span(1, 20));
		expect(await all.pending()).toBe(0);
		expect(JSON.parse(again.output().trim().split('\n').at(-1) ?? '')).toMatchObject({ handled: 13, duplicates: 1 });
	});

	it('leaves what it had begun to another of the group, after the idle time', async () => {
		await all.publish(span(1, 20));
		expect(await ended(startProcess('worker-1', { DIE_BEFORE: '5' }))).toBe('SIGKILL');

		const other = all.start({ consumer: 'worker-2', minIdle: 400 });
		await eventually('the rest is handled', () => other.handled.length === 16);

		expect(other.handled).toEqual(span(5, 20));
		expect(await all.pending()).toBe(0);
	});

	it('each time by the same event makes that one a dead letter, and none of those behind it', async () => {
		await all.publish(span(1, 20));

		for (let n = 0; n < 3; n += 1) expect(await ended(startProcess('worker-1', { DIE_BEFORE: '2' }))).toBe('SIGKILL');
		const last = startProcess('worker-1', { DIE_BEFORE: '2' });
		await eventually('the others are handled', async () => (await effects()).length === 19);
		await last.end();

		expect(await effects()).toEqual([1, ...span(3, 20)]);
		const letters = await all.deadLetters();
		expect(letters.map(({ deadentry, deaddeliveries }) => [deadentry, deaddeliveries])).toEqual([['2-0', '3']]);
		expect(await all.pending()).toBe(0);
	});
});

describe('a consumer that is frozen', () => {
	it('does nothing with what was taken from it when it wakes up', async () => {
		await all.publish(span(1, 20));
		const frozen = startProcess('worker-1', { MIN_IDLE: '400', SLEEP: '50' });
		await eventually('it is in the middle', async () => (await effects()).length >= 3);
		frozen.child.kill('SIGSTOP');

		const before = (await effects()).length;
		const other = all.start({ consumer: 'worker-2', minIdle: 400 });
		await eventually('the other one has the rest', () => other.handled.includes(20));

		frozen.child.kill('SIGCONT');
		await all.publish([21]);
		await eventually('21 is handled', async () => (await effects()).includes(21) || other.handled.includes(21));
		await other.stop();
		await frozen.end();

		// The one that it was in the middle of it cannot help: its ledger and its transaction have to.
		const late = (await effects()).slice(before).filter((sequence) => sequence !== 21);
		expect(late.length).toBeLessThanOrEqual(1);
		expect(new Set([...(await effects()), ...other.handled])).toEqual(new Set(span(1, 21)));
	});
});
