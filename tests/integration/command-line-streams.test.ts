import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { startStack, type Stack } from '../support/stack.js';
import { runTrm } from '../support/trm.js';

let stack: Stack;

beforeAll(async () => {
	stack = await startStack({ serve: false });
});

afterAll(() => stack?.stop());

const DOWN = { DB_PORT: '1' };
const NOT_BOOTED = { DB_DATABASE: 'postgres' };
const WRONG_PASSWORD = { DB_PASSWORD: 'not-the-one' };

/** Each command with what it ends with: without Postgres, on a database that was never booted, with a wrong login, with a wrong word. */
const COMMANDS: [command: string, down: number, notBooted: number][] = [
	['schema apply', 69, 1],
	['schema apply --dry-run', 69, 70],
	['schema drift', 69, 70],
	['schema drift --json', 69, 70],
	['schema snapshot -', 69, 1],
	['config apply', 69, 1],
	['config diff --json', 69, 70],
	['config snapshot', 69, 1],
	['events status', 69, 1],
	['events parked --json', 69, 1],
	['events retry --all', 69, 1],
	['events replay --from 1 --stream other', 69, 1],
	['seed load seeds/rally-albania-2026', 69, 1],
];

describe.each(COMMANDS)('trm %s', (command, down, notBooted) => {
	const args = command.split(' ');

	it.each([
		['Postgres is not there', down, DOWN, 'no answer from Postgres at 127.0.0.1:1/'],
		['the database was never booted', notBooted, NOT_BOOTED, 'remedy: boot it'],
		['the login is refused', 78, WRONG_PASSWORD, 'refuses the login'],
	])('where %s: %i, nothing on stdout, the reason and its remedy on stderr', async (_, status, env, reason) => {
		const { code, stdout, errors } = await stack.trmProcess(args, env);
		expect({ code, stdout }, errors).toEqual({ code: status, stdout: '' });
		expect(errors).toMatch(/^\[trm\] error: .*; remedy: /m);
		expect(errors).toContain(reason);
		expect(errors).not.toMatch(/\bSELECT\b|\bFROM trm\.|not-the-one/);
	});

	it('with a word too many: 64', async () => {
		const { code, stdout } = await stack.trmProcess([...args, '--no-such-option']);
		expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
	});
});

describe('the result alone is on stdout', () => {
	it('of schema snapshot, through its door and however much Directus logs', async () => {
		const { code, stdout, errors } = await runTrm(
			['-'],
			{ ...stack.env, LOG_LEVEL: 'debug' },
			'scripts/schema-snapshot.sh',
		);
		expect(code, errors).toBe(0);
		expect(stdout).toBe(await readFile(join(root, 'snapshots/schema.yaml'), 'utf8'));
		expect(errors).not.toBe('');
	});

	it('of events, as one line of JSON', async () => {
		const status = await stack.trmProcess(['events', 'status', '--json']);
		expect(status.code).toBe(1);
		expect(JSON.parse(status.stdout)).toMatchObject({ state: 'down', lag: { rows: 0 } });
		expect(status.errors).toBe('');
		expect((await stack.trmProcess(['events', 'parked', '--json'])).stdout).toBe('[]\n');
		expect((await stack.trmProcess(['events', 'retry', '--all', '--json'])).stdout).toBe(
			'{"returned":[],"earlier":[],"unknown":[]}\n',
		);
	});
});

describe('trm events', () => {
	it('says that a lock keeps it waiting, and to try again', async () => {
		const client = await stack.db.connect();
		await client.query('BEGIN; LOCK TABLE trm.event_stream IN ACCESS EXCLUSIVE MODE');
		const { code, errors } = await stack.trmProcess(['events', 'status']).finally(async () => {
			await client.query('ROLLBACK');
			client.release();
		});
		expect(code, errors).toBe(75);
		expect(errors).toMatch(
			/^\[trm\] error: events status: the database at \S+ is busy: .*; remedy: repeat the command/,
		);
	});

	it('says which right a login lacks', async () => {
		await stack.db.query(
			`REVOKE ALL ON SCHEMA trm FROM PUBLIC; CREATE ROLE trm_cli_stranger LOGIN PASSWORD 'stranger'`,
		);
		const env = { DB_USER: 'trm_cli_stranger', DB_PASSWORD: 'stranger' };
		const { code, errors } = await stack.trmProcess(['events', 'parked'], env);
		await stack.db.query('DROP ROLE trm_cli_stranger');
		expect(code, errors).toBe(78);
		expect(errors).toContain('events parked: trm_cli_stranger may not: permission denied for schema trm; remedy: ');
	});
});
