import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/processes.js';
import { count, one, SEED, SEED_NAME } from '../support/seed.js';
import { startStack, type Stack } from '../support/stack.js';
import { startTrm } from '../support/trm.js';

describe('loading', () => {
	let stack: Stack;

	beforeAll(async () => {
		stack = await startStack({ redis: false });
	});

	afterAll(() => stack?.stop());

	it('refuses bad files with file and line, and writes nothing', async () => {
		const parent = await mkdtemp(join(tmpdir(), 'trm-seed-'));
		const directory = join(parent, SEED_NAME);

		try {
			await cp(SEED, directory, { recursive: true });
			const path = join(directory, 'entry_crew.csv');
			await writeFile(path, (await readFile(path, 'utf8')).replace('Rider 002,IT', 'Rider 002,Italy'));

			const { code, output } = await stack.trmProcess(['seed', 'load', directory]);
			expect(code).toBe(1);
			expect(output).toContain('[trm] error: entry_crew.csv:3: nationality must be an ISO 3166-1 alpha-2 code');
		} finally {
			await rm(parent, { recursive: true });
		}

		expect(await count(stack, 'organizations')).toBe(0);
	});

	it('leaves nothing behind when it is killed, and completes the next time', async () => {
		const load = startTrm(['seed', 'load', SEED, '--hours', '2'], stack.env);

		// The catalogue is written by then, and the first fixes are on their way.
		await eventually('the load copies fixes', () =>
			one<boolean>(
				stack,
				`SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
					AND pid <> pg_backend_pid() AND query ~ 'seed_fixes') AS value`,
			),
		);

		await load.end('SIGKILL');

		await eventually('Postgres has rolled back', () =>
			one<boolean>(
				stack,
				`SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'
					AND objid = (hashtext('trm.seed')::bigint & 4294967295)::oid) AS value`,
			),
		);

		for (const table of ['organizations', 'organization_users', 'entries', 'positions', 'trm.event_outbox']) {
			expect(await count(stack, table), table).toBe(0);
		}

		expect(await one(stack, `SELECT count(*)::int AS value FROM trm.state WHERE key LIKE 'seed:%'`)).toBe(0);

		const { code, output } = await stack.trmProcess([
			'seed',
			'load',
			SEED,
			'--fixes-per-device',
			'600',
			'--entries',
			'5',
		]);
		expect(code, output).toBe(0);
		expect(await count(stack, 'entries')).toBe(63);
		expect(await count(stack, 'positions')).toBe(600 * 6);
	});

	it('takes turns with another load', async () => {
		const load = () => stack.trmProcess(['seed', 'load', SEED, '--fixes-per-device', '700', '--entries', '5']);
		const loads = await Promise.all([load(), load()]);

		expect(loads.map(({ code }) => code)).toEqual([0, 0]);
		expect(await count(stack, 'entries')).toBe(63);
		expect(await count(stack, 'positions')).toBe(700 * 6);
	});
});
