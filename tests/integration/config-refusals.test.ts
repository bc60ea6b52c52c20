import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigStack, MEMBER, OPERATOR, smallAccess, STAFF } from '../support/access.js';
import { eventually } from '../support/processes.js';
import { startTrm } from '../support/trm.js';

let config: ConfigStack;

beforeAll(async () => {
	config = await ConfigStack.start({ serve: false });
});

afterAll(() => config?.stop());

beforeEach(async () => {
	expect(await config.apply(smallAccess().access)).toMatchObject({ code: 0 });
});

const isWaiting = () =>
	config.rows(
		`SELECT FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO trm.state%'`,
	);

describe('what is refused', () => {
	it('is refused with every place before anything is written', async () => {
		const { access, published, member, staff } = smallAccess();
		published.name = 'Test renamed';
		published.permissions = { events: { read: { fields: ['nmae'], filter: { status: { _eq: 'lvie' } } } } };
		member.permissions = {
			evnts: { read: { fields: ['*'] } },
			organizations: { read: { fields: ['*'], filter: { users: { _some: { usr: { _eq: '$CURRENT_USER' } } } } } },
			devices: {
				read: {
					fields: ['*'],
					filter: { organizations: { organization: { users: { _some: { role: { _eq: 'owner' } } } } } },
				},
			},
		};
		staff.policies = [STAFF];
		const before = await config.everything();
		const { code, output } = await config.apply(access);

		expect(code).toBe(1);
		for (const place of [
			`roles[1] "Test staff".policies[0]: no policy ${STAFF}`,
			'policies[0] "Test renamed".permissions.events.read.fields[0]: there is no field "nmae" in events',
			'policies[0] "Test renamed".permissions.events.read.filter.status._eq: "lvie" is none of the values of events.status',
			'policies[1] "Test member".permissions.evnts: there is no collection "evnts"',
			'policies[1] "Test member".permissions.organizations.read.filter.users._some.usr: there is no field "usr"',
			'policies[1] "Test member".permissions.devices.read.filter.organizations.organization.users._some: Directus refuses',
		]) {
			expect(output).toContain(place);
		}
		expect(await config.everything()).toEqual(before);
	});

	it('is an id that means something else here', async () => {
		const { access } = smallAccess();
		await config.rows(
			`INSERT INTO directus_policies (id, name, icon) VALUES ('30000000-0000-4000-8000-000000000003', 'Accounting', 'badge')`,
		);
		access.policies.push({ id: '30000000-0000-4000-8000-000000000003', name: 'Test timekeeper', permissions: {} });
		const before = await config.everything();
		const { code, output } = await config.apply(access);

		expect(code).toBe(1);
		expect(output).toContain(
			'policies[2] "Test timekeeper".id: 30000000-0000-4000-8000-000000000003 is the id of "Accounting"',
		);
		expect(await config.everything()).toEqual(before);
		await config.rows(`DELETE FROM directus_policies WHERE name = 'Accounting'`);
	});

	it('leaves access as it was where the settings are refused, and the other way round', async () => {
		const { access, published } = smallAccess();
		published.name = 'Test renamed';
		const settings = await config.write('settings.yaml', { settings: { project_name: 'long '.repeat(100) } });
		const before = await config.everything();
		const refused = await config.apply(access, { SETTINGS_PATH: settings });

		expect(refused.code).toBe(1);
		expect(refused.output).toMatch(/settings was refused, and nothing of the file is applied.*project_name/);
		expect(await config.everything()).toEqual(before);

		const good = await config.write('settings.yaml', { settings: { project_name: 'Never' } });
		published.permissions = { evnts: {} };
		expect((await config.apply(access, { SETTINGS_PATH: good })).code).toBe(1);
		expect(await config.everything()).toEqual(before);
	});

	it('is named where Directus or the database refuses it', async () => {
		const { access, published } = smallAccess();
		published.ip_access = ['10.0.0.*'];
		const before = await config.everything();
		const { code, output } = await config.run(['apply'], { ACCESS_PATH: await config.write('access.yaml', access) });

		expect(code).toBe(1);
		expect(output).toContain('policy "Test published" was refused, and nothing of the file is applied');
		expect(await config.everything()).toEqual(before);
	});
});

describe('under faults', () => {
	const changed = () => {
		const { access, member } = smallAccess();
		member.permissions = { vehicles: { read: { fields: ['*'] } } };
		access.roles.push({ id: '10000000-0000-4000-8000-00000000000f', name: 'Test marshal' });
		return access;
	};

	it('one of two at once does it, and the other waits and finds nothing left', async () => {
		const path = await config.write('two.yaml', { ...changed(), roles: smallAccess().access.roles });
		const outcomes = await Promise.all(
			[1, 2].map(() => config.stack.trmProcess(['config', 'apply', '--access', path])),
		);

		expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
		expect(outcomes.filter(({ output }) => output.includes('access: no changes'))).toHaveLength(1);
		expect(await config.permissionsOf(MEMBER)).toHaveLength(1);
	});

	it('applies nothing when it is killed in the middle', async () => {
		const before = await config.everything();
		const path = await config.write('killed.yaml', changed());
		const holder = await config.stack.db.connect();
		await holder.query('BEGIN');
		// The last that is written of access: all the rest stands before it in the transaction.
		await holder.query(`SELECT FROM trm.state WHERE key = 'access' FOR UPDATE`);
		const killed = startTrm(['config', 'apply', '--access', path], config.stack.env);
		await eventually('it waits for its last row', async () => (await isWaiting()).length > 0);
		await killed.end('SIGKILL');
		await holder.query('ROLLBACK');
		holder.release();

		expect(killed.output()).toContain('plan: create role "Test marshal"');
		expect(await config.everything()).toEqual(before);
		await eventually('its lock is free', async () => (await config.apply(smallAccess().access)).code === 0);
	});

	it('makes a role again that was deleted by hand; what its users lost they get from an administrator', async () => {
		await config.rows(
			`INSERT INTO directus_users (id, email, status, role) VALUES (gen_random_uuid(), 'c@example.com', 'active', $1)`,
			[OPERATOR],
		);
		await config.rows('DELETE FROM directus_roles WHERE id = $1', [OPERATOR]);
		const { code, output } = await config.apply(smallAccess().access);

		expect(code).toBe(0);
		expect(output).toContain('plan: create role "Test operator"');
		expect(await config.rows(`SELECT role FROM directus_users WHERE email = 'c@example.com'`)).toEqual([
			{ role: null },
		]);
	});
});
