import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { runToEnd } from '../support/processes.js';
import { connectAs, makeLogin, type Login } from '../support/sql-logins.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
	stack = await startStack({ serve: false });
});

afterAll(() => stack?.stop());

describe.each([
	{
		role: 'trm_processor' as const,
		allowed: [
			`INSERT INTO positions (device_id, ts, latitude, longitude, altitude, angle, speed, satellites, priority, attributes, received_at)
			VALUES ('350000000000001', now(), 41, 19, 1, 1, 1, 9, 0, '{}', now()) ON CONFLICT (device_id, ts) DO NOTHING`,
			`INSERT INTO positions (device_id, ts) VALUES ('1', 'epoch'), ('1', 'epoch') ON CONFLICT DO NOTHING RETURNING ts, faulty`,
			'SELECT positions.* FROM positions JOIN devices ON imei = device_id WHERE NOT faulty AND status IS NOT NULL',
			`SELECT entries.race_number, devices.imei, events.name, classes.code
			FROM entries JOIN entry_devices ON entry_devices.entry = entries.id JOIN devices ON devices.id = entry_devices.device
				JOIN events ON events.id = entries.event JOIN classes ON classes.id = entries.class`,
			'SELECT * FROM position_flags, events, classes, entry_devices',
			'SELECT ST_Distance(ST_SetSRID(ST_MakePoint(19, 41), 4326)::geography, ST_MakePoint(20, 42)::geography), srid FROM spatial_ref_sys LIMIT 1',
			'LISTEN trm_event_stream',
		],
		refused: [
			"INSERT INTO positions (device_id, ts, faulty) VALUES ('1', now(), true)",
			"INSERT INTO positions (device_id, ts, faulty) VALUES ('1', now(), DEFAULT), ('1', now(), false)",
			"INSERT INTO positions (device_id, ts) VALUES ('1', now()) ON CONFLICT (device_id, ts) DO UPDATE SET faulty = true",
			'UPDATE positions SET faulty = true',
			'UPDATE positions SET latitude = 0',
			'SELECT ts FROM positions FOR UPDATE',
			'DELETE FROM positions',
			'TRUNCATE positions',
			'SELECT * FROM directus_users',
			'SELECT id FROM directus_users',
			'SELECT token FROM directus_users',
			'SELECT * FROM directus_settings',
			'SELECT * FROM entry_crew',
			'SELECT * FROM organizations',
			'SELECT * FROM vehicles',
			'SELECT * FROM entries',
			'SELECT vehicle FROM entries',
			'SELECT * FROM devices',
			'SELECT user_created FROM devices',
			"UPDATE entries SET status = 'dns'",
			'INSERT INTO position_flags (id) VALUES (gen_random_uuid())',
			"INSERT INTO trm.event_outbox (type, subject, data) VALUES ('trm.entries.updated', 'entries/1', '{}')",
			'UPDATE trm.event_outbox SET stream_seq = 1',
			'DELETE FROM trm.event_outbox',
			'SELECT * FROM trm.event_outbox',
			'SELECT * FROM trm.state',
			'SELECT * FROM trm.event_stream_lag',
			"SELECT trm.depose_silent_leader('0 s')",
			'SELECT trm.grant_least_privilege()',
			'GRANT SELECT ON directus_users TO trm_processor',
		],
	},
	{
		role: 'trm_directus' as const,
		allowed: [
			"SELECT setval('directus_activity_id_seq', 1000), nextval('directus_activity_id_seq')",
			"UPDATE positions SET faulty = true WHERE device_id = '1' RETURNING ts",
			"SELECT trm.depose_silent_leader('1 h'), trm.event_stream_leader()",
			'SELECT * FROM trm.event_stream_lag, trm.missing_objects, trm.migration_ledger, trm.state',
		],
		refused: [
			"INSERT INTO positions (device_id, ts) VALUES ('1', now())",
			'UPDATE positions SET latitude = 0',
			'DELETE FROM positions',
			'TRUNCATE entries',
			"UPDATE trm.event_outbox SET data = '{}'",
			'TRUNCATE trm.event_outbox',
			"INSERT INTO trm.migration_ledger (filename, sha256, kind, duration_ms, runner_version) VALUES ('x', 'y', 'numbered', 1, 'z')",
			"INSERT INTO trm.state (key, value) VALUES ('boot.fingerprint', '{}')",
			'DELETE FROM trm.event_stream',
			'DELETE FROM trm.made_objects',
			'SELECT trm.grant_least_privilege()',
			'ALTER TABLE entries DISABLE TRIGGER ALL',
			'SET session_replication_role = replica',
		],
	},
])('a login in $role', ({ role, allowed, refused }) => {
	let login: Login;
	let client: pg.Client;

	beforeAll(async () => {
		login = await makeLogin(role);
		client = await connectAs(login, stack.database);
	});

	afterAll(async () => {
		await client?.end();
		await login?.drop();
	});

	it.each(allowed)('may: %s', async (sql) => {
		await client.query('BEGIN');
		await client.query(sql).finally(() => client.query('ROLLBACK'));
	});

	it.each([
		...refused,
		'CREATE TABLE public.mine (id int)',
		'CREATE TABLE trm.mine (id int)',
		'CREATE SCHEMA mine',
		"CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
		'CREATE TRIGGER mine BEFORE INSERT ON positions FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
		'CREATE INDEX ON positions (ts)',
		'ALTER TABLE positions ADD COLUMN mine int',
		'ALTER TABLE positions ALTER COLUMN faulty SET DEFAULT true',
		'DROP TABLE events',
		'CREATE ROLE mine',
		"COPY (SELECT 1) TO PROGRAM 'true'",
		"COPY (SELECT 1) TO '/tmp/mine'",
		"SELECT pg_read_file('/etc/passwd')",
		'SET ROLE postgres',
		'SET SESSION AUTHORIZATION postgres',
	])('may not: %s', async (sql) => {
		await client.query('BEGIN');
		await expect(client.query(sql).finally(() => client.query('ROLLBACK'))).rejects.toMatchObject({ code: '42501' });
	});

	it('may not end a session of somebody else', async () => {
		const other = await stack.db.connect();

		try {
			const { rows } = await other.query('SELECT pg_backend_pid() AS pid');
			const ending = client.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
			await expect(ending).rejects.toMatchObject({ code: '42501' });
		} finally {
			other.release();
		}
	});

	if (role !== 'trm_processor') return;

	it('may copy fixes in, and not the operators’ mark', async () => {
		const copy = (columns: string) =>
			runToEnd('psql', ['-X', '-c', `\\copy positions (${columns}) FROM /dev/null`], {
				cwd: root,
				env: {
					PATH: process.env['PATH'],
					...{ PGHOST: stack.env['DB_HOST'], PGPORT: stack.env['DB_PORT'], PGDATABASE: stack.database },
					...{ PGUSER: login.user, PGPASSWORD: login.password },
				},
			});

		expect(await copy('device_id, ts, latitude, longitude')).toMatchObject({ code: 0 });
		expect((await copy('device_id, ts, faulty')).output).toContain('permission denied');
	});
});
