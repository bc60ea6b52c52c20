import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { directusCli, root } from '../support/environment.js';
import { runToEnd } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
	stack = await startStack({ serve: false });
	await stack.db.query('CREATE TABLE ledger_before AS TABLE trm.migration_ledger');
});

afterAll(() => stack?.stop());

beforeEach(() =>
	stack.db.query('TRUNCATE trm.migration_ledger; INSERT INTO trm.migration_ledger SELECT * FROM ledger_before'),
);

/** Starts the server, which is expected to end by itself. */
const refusedStart = (env: Record<string, string> = {}) =>
	runToEnd('node', [directusCli, 'start'], { cwd: root, env: { ...stack.env, ...env }, timeout: 60_000 });

describe('the server on a ledger that is not its own', () => {
	it.each([
		[
			'MIGRATION_CHANGED',
			'002_positions.sql',
			`UPDATE trm.migration_ledger SET sha256 = repeat('0', 64) WHERE filename = '002_positions.sql'`,
		],
		[
			'MIGRATION_NOT_APPLIED',
			'003_event_stream.sql',
			`DELETE FROM trm.migration_ledger WHERE filename = '003_event_stream.sql'`,
		],
		[
			'MIGRATION_UNKNOWN',
			'999_future.sql',
			`UPDATE trm.migration_ledger SET filename = '999_future.sql' WHERE filename = '004_state.sql'`,
		],
		[
			'MIGRATION_NOT_APPLIED',
			'after-schema/001_uniques.sql',
			`DELETE FROM trm.migration_ledger WHERE filename = 'after-schema/001_uniques.sql'`,
		],
		[
			'MIGRATION_CHANGED',
			'current/events.sql',
			`UPDATE trm.migration_ledger SET sha256 = repeat('0', 64) WHERE filename = 'current/events.sql'`,
		],
		['MIGRATION_LEDGER_UNREADABLE', 'trm.migration_ledger', 'ALTER TABLE trm.migration_ledger RENAME TO hidden'],
	])('stays down with %s, naming %s', async (code, name, tamper) => {
		await stack.db.query(tamper);
		const { code: status, output } = await refusedStart();
		await stack.db.query('ALTER TABLE IF EXISTS trm.hidden RENAME TO migration_ledger');

		expect(status).toBe(78);
		expect(output).toContain(`[migration-ledger] ${code}: `);
		expect(output).toContain(name);
		expect(output).not.toContain('Server started');
	});

	it('stays down when what a migration made is gone or disabled, naming each and its remedy', async () => {
		await stack.db.query(`
			ALTER TABLE entries DROP CONSTRAINT entries_event_race_number_unique;
			ALTER TABLE events DISABLE TRIGGER trm_emit_row_change;
			ALTER FUNCTION trm.position_flags_guard() RENAME TO hidden;
		`);
		const { code, output } = await refusedStart();
		await stack.db.query(`
			ALTER TABLE entries ADD CONSTRAINT entries_event_race_number_unique UNIQUE (event, race_number);
			ALTER TABLE events ENABLE TRIGGER trm_emit_row_change;
			ALTER FUNCTION trm.hidden() RENAME TO position_flags_guard;
		`);

		expect(code).toBe(78);
		expect(output).toMatch(
			/DB_INIT_OBJECT_MISSING: the constraint entries_event_race_number_unique on entries.*001_uniques/,
		);
		expect(output).toMatch(/DB_INIT_OBJECT_MISSING: the trigger trm_emit_row_change on events.*ENABLE TRIGGER/);
		expect(output).toMatch(
			/DB_INIT_OBJECT_MISSING: the function position_flags_guard\(\) is missing.*current\/position-flags/,
		);
		expect(output).not.toContain('Server started');
	});

	it('stays down when the check itself is misconfigured', async () => {
		const { code, output } = await refusedStart({ MIGRATION_LEDGER_CHECK: 'off' });

		expect(code).toBe(78);
		expect(output).toContain('MIGRATION_LEDGER_CHECK');
	});

	it('serves all the same, with the problem in its log, when it is told to warn only', async () => {
		await stack.db.query(`DELETE FROM trm.migration_ledger WHERE filename = '003_event_stream.sql'`);
		stack.env['MIGRATION_LEDGER_CHECK'] = 'warn';
		await stack.start();
		await stack.end();
		delete stack.env['MIGRATION_LEDGER_CHECK'];

		expect(stack.log()).toContain('MIGRATION_NOT_APPLIED: 003_event_stream.sql');
		expect(stack.log()).toContain('serving all the same');
	});

	it('serves on its own', async () => {
		await stack.start();
		await stack.end();
	});
});
