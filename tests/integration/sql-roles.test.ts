import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { owner } from '../support/environment.js';
import { rightsOf, type Rights } from '../support/sql-rights.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
	stack = await startStack({ serve: false });
});

afterAll(() => stack?.stop());

const words = (text: string) => text.trim().split(/\s+/);

/** What Postgres and PostGIS give everybody. */
const EVERYBODY: Rights = { 'CONNECT, TEMPORARY': ['database'] };
const POSTGIS = words('geography_columns geometry_columns spatial_ref_sys');

const EXPECTED: Record<string, Rights> = {
	trm_processor: {
		...EVERYBODY,
		'SELECT, INSERT (altitude, angle, attributes, device_id, latitude, longitude, priority, received_at, satellites, speed, ts)':
			['positions'],
		SELECT: [...words('classes entry_devices events position_flags'), ...POSTGIS].sort(),
		'SELECT (class, event, id, race_number, status)': ['entries'],
		'SELECT (id, imei, model, protocol, status)': ['devices'],
		USAGE: ['schema public'],
	},

	trm_directus: {
		...EVERYBODY,
		'SELECT, INSERT, UPDATE, DELETE': words(`
			classes devices directus_access directus_activity directus_collections directus_comments directus_dashboards
			directus_deployment_projects directus_deployment_runs directus_deployments directus_extensions directus_fields
			directus_files directus_flows directus_folders directus_migrations directus_notifications directus_operations
			directus_panels directus_permissions directus_policies directus_presets directus_relations directus_revisions
			directus_roles directus_sessions directus_settings directus_shares directus_translations directus_users
			directus_versions entries entry_crew entry_devices events organization_devices organization_users
			organization_vehicles organizations position_flags vehicles`),
		'USAGE, UPDATE': words('activity fields notifications permissions presets relations revisions settings').map(
			(name) => `sequence directus_${name}_id_seq`,
		),
		'SELECT, UPDATE (faulty)': ['positions'],
		SELECT: [...POSTGIS, ...words('trm.event_stream_lag trm.migration_ledger trm.missing_objects trm.state')],
		'SELECT, INSERT (data, event_id, occurred_at, sequenced_at, stream_seq, subject, type), UPDATE (sequenced_at, stream_seq), DELETE':
			['trm.event_outbox'],
		'SELECT, UPDATE (incarnation, last_seq, published_seq, retained_from, suspect_attempts, suspect_seq)': [
			'trm.event_stream',
		],
		'SELECT, INSERT (attempts, data, error, event_id, notice_seq, occurred_at, subject, type), DELETE': [
			'trm.event_parked',
		],
		'SELECT, UPDATE (groups, leader, leader_pid, leading_since, parked, rebuilt, redis_problem, redis_since, redis_usable, reported_at, rewound, stream, stream_first, stream_last, stream_length, trimmed_unread)':
			['trm.event_relay'],
		USAGE: ['schema public', 'schema trm'],
		EXECUTE: ['function trm.depose_silent_leader(interval)', 'function trm.event_stream_leader()'],
	},

	public: { ...EVERYBODY, SELECT: POSTGIS, USAGE: ['schema public'] },
};

const ROLES = ['trm_directus', 'trm_processor'];

async function expectRights(): Promise<void> {
	for (const [role, rights] of Object.entries(EXPECTED)) expect(await rightsOf(stack.db, role), role).toEqual(rights);
}

describe('trm_directus, trm_processor and everybody else', () => {
	it('have these rights and no others after a boot', expectRights);

	it('have them again, and no others, after trm.grant_least_privilege()', async () => {
		await stack.db.query(`
			GRANT UPDATE (faulty), DELETE ON positions TO trm_processor;
			GRANT SELECT ON ALL TABLES IN SCHEMA trm TO trm_processor;
			GRANT SELECT (email) ON directus_users TO trm_processor;
			GRANT ALL ON SCHEMA public, trm TO trm_processor, trm_directus;
			GRANT ALL ON ALL SEQUENCES IN SCHEMA public, trm TO trm_processor;
			GRANT ALL ON ALL FUNCTIONS IN SCHEMA trm TO trm_processor, PUBLIC;
			GRANT ALL ON SCHEMA trm TO PUBLIC;
			GRANT SELECT ON trm.event_outbox TO PUBLIC;
			GRANT CREATE ON SCHEMA public TO PUBLIC;
			GRANT TRUNCATE, TRIGGER ON entries, events, positions TO trm_directus;
			REVOKE INSERT ON entries FROM trm_directus;
			REVOKE SELECT ON events FROM trm_processor`);
		expect(await rightsOf(stack.db, 'trm_processor')).not.toEqual(EXPECTED['trm_processor']);

		await stack.db.query('SELECT trm.grant_least_privilege(); SELECT trm.grant_least_privilege()');
		await expectRights();
	});

	it('hold nothing of any other kind, and are no members of anything', async () => {
		const { rows } = await stack.db.query(
			`SELECT DISTINCT rolname, classid::regclass::text AS kind
			FROM pg_shdepend JOIN pg_roles ON pg_roles.oid = refobjid
			WHERE rolname = ANY ($1) AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
			ORDER BY rolname, 2`,
			[ROLES],
		);
		expect(rows).toEqual([
			{ rolname: 'trm_directus', kind: 'pg_class' },
			{ rolname: 'trm_directus', kind: 'pg_default_acl' },
			{ rolname: 'trm_directus', kind: 'pg_namespace' },
			{ rolname: 'trm_directus', kind: 'pg_proc' },
			{ rolname: 'trm_processor', kind: 'pg_class' },
			{ rolname: 'trm_processor', kind: 'pg_namespace' },
		]);

		const attributes = await stack.db.query(
			`SELECT rolname FROM pg_authid
			WHERE rolname = ANY ($1) AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR rolcanlogin)
				AND rolpassword IS NULL AND oid NOT IN (SELECT member FROM pg_auth_members)
			ORDER BY rolname`,
			[ROLES],
		);
		expect(attributes.rows.map(({ rolname }) => rolname)).toEqual(ROLES);
	});

	it('get to what is made later: Directus all rows of a new table, the processor nothing', async () => {
		await stack.db.query(`SET ROLE ${owner.user}; CREATE TABLE public.tomorrow (id serial PRIMARY KEY); RESET ROLE`);
		const onTomorrow = async (role: string) =>
			Object.entries(await rightsOf(stack.db, role))
				.filter(([, names]) => names.some((name) => name.includes('tomorrow')))
				.map(([rights]) => rights)
				.sort();

		expect(await onTomorrow('trm_directus')).toEqual(['SELECT, INSERT, UPDATE, DELETE', 'USAGE, UPDATE']);
		expect(await onTomorrow('trm_processor')).toEqual([]);
		await stack.db.query('DROP TABLE public.tomorrow');
	});
});
