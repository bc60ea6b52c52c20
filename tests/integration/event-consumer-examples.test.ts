import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { entryOf } from '../../packages/event-contract/sample-event.js';
import { Consumers, idOf, span } from '../support/consuming.js';
import { installContract } from '../support/contract-package.js';
import { root } from '../support/environment.js';
import { eventually, run, runToEnd, type Running } from '../support/processes.js';
import { RedisServer } from '../support/redis-server.js';

let all: Consumers;
let folder: string;
let page: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'trm-contract-'));
	page = await readFile(join(root, 'docs/events.md'), 'utf8');
	await Promise.all([installContract(folder), RedisServer.start().then((server) => (all = new Consumers(server)))]);
});

afterEach(() => all.reset());

afterAll(async () => {
	await all?.end();
	await rm(folder, { recursive: true, force: true });
});

/** The consumer in this language as docs/events.md shows it. */
function example(language: string): string {
	const block = new RegExp(`<!-- example: ${language} -->\\n+\`\`\`\\w+\\n([^]*?)\\n\`\`\`\\n`).exec(page)?.[1];
	if (block === undefined) throw new Error(`docs/events.md has no example in ${language}`);
	return `${block}\n`;
}

const environment = () => ({ PATH: process.env['PATH'], REDIS_URL: all.server.url, HOME: folder });

const flagged = (sequence: number) =>
	entryOf({
		sequence,
		type: 'trm.positions.flagged',
		id: idOf(sequence).id,
		data: {
			request: '11111111-1111-4111-8111-111111111111',
			flag: '22222222-2222-4222-8222-222222222222',
			device_id: `35000000000000${sequence % 10}`,
			faulty: true,
			reason: null,
			from: '2026-06-07T08:00:01.123456Z',
			to: '2026-06-07T08:00:01.123457Z',
			keys: ['2026-06-07T08:00:01.123456Z'],
			ranges: null,
			matched: 1,
			changed: 1,
			user: null,
		},
	});

/** What a consumer has to print for the sequences that are flags. */
const recomputed = (sequences: number[]) =>
	sequences.map((n) => `recompute 35000000000000${n % 10} 2026-06-07T08:00:01.123456Z 2026-06-07T08:00:01.123457Z`);

const printed = (running: Running) => running.output().split('\n').filter(Boolean);

describe('@trm/event-contract', () => {
	it('is imported by plain Node where only zod and ioredis are', async () => {
		const program = `
			const { parseEvent, consume, dataSchemaOf, EventError } = await import('@trm/event-contract');
			const event = parseEvent(${JSON.stringify(idOf(7))});
			console.log(event.type, event.sequence, typeof consume, dataSchemaOf(event.type), EventError.name);`;
		const { code, output } = await runToEnd('node', ['--input-type=module', '-e', program], { cwd: folder });

		expect(output).toBe('trm.vehicles.created 7 function urn:trm:event:trm.vehicles.created:1 EventError\n');
		expect(code).toBe(0);
	});

	it('has types that narrow by the type of the event', async () => {
		await writeFile(join(folder, 'example.mts'), example('typescript'));
		const typed = `import type { TrmEvent } from '@trm/event-contract';
			export function plateOf(event: TrmEvent): string | null {
				if (event.type !== 'trm.vehicles.updated') return null;
				const change: { old: string | null; new: string | null } | undefined = event.data.changed.plate;
				// @ts-expect-error -- there is no such column
				void event.data.changed.wheels.old.toFixed();
				return change?.new ?? event.data.row.plate;
			}`;
		await writeFile(join(folder, 'typed.mts'), typed);
		const strict = [
			'--noEmit',
			'--strict',
			'--skipLibCheck',
			'--target',
			'es2024',
			'--module',
			'nodenext',
			'--types',
			'node',
		];
		const { output } = await runToEnd('tsc', [...strict, 'typed.mts', 'example.mts'], { cwd: folder });
		expect(output).toBe('');
	});
});

describe.each([
	['typescript', 'node', 'example.mts'],
	['python', process.env['PYTHON'] ?? 'python3', 'example.py'],
])('the consumer of docs/events.md in %s', (language, program, file) => {
	it('handles each event once, also when it is killed and when Redis was emptied', async () => {
		await writeFile(join(folder, file), example(language));
		await all.publish(span(1, 6), (sequence) => (sequence % 2 === 0 ? flagged(sequence) : idOf(sequence)));

		const first = run(program, [file], { cwd: folder, env: environment() });
		await eventually('the flags are handled', () => printed(first).length >= 3);
		await eventually('all is acknowledged', async () => (await all.pending()) === 0);
		expect(printed(first)).toEqual(recomputed([2, 4, 6]));
		await first.end('SIGKILL');

		await all.publish([8], flagged);
		const second = run(program, [file], { cwd: folder, env: environment() });

		try {
			await eventually('the next is handled', () => printed(second).length >= 1);
			expect(printed(second)).toEqual(recomputed([8]));

			await all.redis.flushall();
			await all.publish([8, 10], flagged);
			await eventually('it goes on after Redis was emptied', () => printed(second).length >= 2);
			expect(printed(second)).toEqual(recomputed([8, 10]));
		} finally {
			await second.end();
		}
	});
});
