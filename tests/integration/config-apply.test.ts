import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigStack, MEMBER, OPERATOR, PUBLISHED, smallAccess, STAFF } from '../support/access.js';

let config: ConfigStack;

beforeAll(async () => {
	config = await ConfigStack.start({ serve: false });
});

afterAll(() => config?.stop());

beforeEach(async () => {
	const { code, output } = await config.apply(smallAccess().access);
	expect(output).toContain('access: ');
	expect(code).toBe(0);
});

describe('what is declared', () => {
	it('is in the database, with the ids that it declares', async () => {
		expect(
			await config.rows('SELECT id, name, parent FROM directus_roles WHERE id IN ($1, $2) ORDER BY id', [
				STAFF,
				OPERATOR,
			]),
		).toEqual([
			{ id: STAFF, name: 'Test staff', parent: null },
			{ id: OPERATOR, name: 'Test operator', parent: STAFF },
		]);
		expect(
			await config.rows('SELECT name, app_access, admin_access FROM directus_policies WHERE id = $1', [MEMBER]),
		).toEqual([{ name: 'Test member', app_access: true, admin_access: false }]);
		expect(await config.permissionsOf(PUBLISHED)).toEqual([
			{ collection: 'events', action: 'read', fields: 'id,name', permissions: { status: { _eq: 'live' } } },
		]);
		expect(
			await config.rows(
				'SELECT role, "user", policy, sort FROM directus_access WHERE policy IN ($1, $2) ORDER BY role NULLS FIRST, sort',
				[MEMBER, PUBLISHED],
			),
		).toEqual([
			{ role: null, user: null, policy: PUBLISHED, sort: 1 },
			{ role: STAFF, user: null, policy: MEMBER, sort: 1 },
			{ role: STAFF, user: null, policy: PUBLISHED, sort: 2 },
		]);
	});

	it('is not written a second time', async () => {
		const before = await config.rows('SELECT xmin, id FROM directus_permissions ORDER BY id');
		const { output } = await config.apply(smallAccess().access);

		expect(output).toContain('access: no changes');
		expect(await config.rows('SELECT xmin, id FROM directus_permissions ORDER BY id')).toEqual(before);
	});

	it('has the next boot run all of its steps where one thing has changed, and only there', async () => {
		const COMPLETED = `INSERT INTO trm.state (key, value) VALUES ('boot.fingerprint', '{"completed": true}')
			ON CONFLICT (key) DO UPDATE SET value = trm.state.value || excluded.value`;
		const isCompleted = () =>
			config.rows(`SELECT value -> 'completed' AS yes FROM trm.state WHERE key = 'boot.fingerprint'`);
		const { access, published } = smallAccess();
		await config.rows(COMPLETED);
		await config.apply(access);
		expect(await isCompleted()).toEqual([{ yes: true }]);
		published.name = 'Test renamed';
		await config.apply(access);
		expect(await isCompleted()).toEqual([{ yes: false }]);
	});

	it('is set back by step 3 of the boot when somebody has edited it, and the log says what', async () => {
		await config.rows(`UPDATE directus_permissions SET fields = '*', permissions = NULL WHERE policy = $1`, [
			PUBLISHED,
		]);
		await config.rows(
			`INSERT INTO directus_permissions (policy, collection, action, fields) VALUES ($1, 'directus_users', 'read', '*')`,
			[PUBLISHED],
		);
		await config.rows('UPDATE directus_policies SET admin_access = true WHERE id = $1', [MEMBER]);
		const path = await config.write('boot.yaml', smallAccess().access);
		const { code, output } = await config.stack.trm(['schema', 'apply', '--access', path]);

		expect(code).toBe(0);
		expect(output).toContain('plan: change policy "Test member": admin_access true → false');
		expect(output).toContain(
			'plan: change permission "Test published" events.read: fields ["*"] → ["id","name"], filter null → ',
		);
		expect(output).toContain('plan: delete permission "Test published" directus_users.read');
		expect(await config.permissionsOf(PUBLISHED)).toHaveLength(1);
	});

	it('is pending in a dry run of step 3, which writes nothing', async () => {
		const { access, published } = smallAccess();
		published.name = 'Test renamed';
		const path = await config.write('dry.yaml', access);
		const before = await config.everything();
		const { code, output } = await config.stack.trm(['schema', 'apply', '--dry-run', '--access', path]);

		expect(output).toContain('access: 1 policy pending');
		expect(code).toBe(1);
		expect(await config.everything()).toEqual(before);
	});

	it('lets a parent and its child change places', async () => {
		const { access } = smallAccess();
		access.roles = [
			{ id: STAFF, name: 'Test staff', parent: OPERATOR, policies: [MEMBER, PUBLISHED] },
			{ id: OPERATOR, name: 'Test operator', parent: null },
		];
		expect(await config.apply(access)).toMatchObject({ code: 0 });
		expect(await config.rows('SELECT parent FROM directus_roles WHERE id = $1', [STAFF])).toEqual([
			{ parent: OPERATOR },
		]);
	});

	it('leaves alone what an administrator made', async () => {
		const [role] = await config.rows<{ id: string }>(
			`INSERT INTO directus_roles (id, name) VALUES (gen_random_uuid(), 'Test operator') RETURNING id`,
		);
		const [policy] = await config.rows<{ id: string }>(
			`INSERT INTO directus_policies (id, name, icon) VALUES (gen_random_uuid(), 'By hand', 'badge') RETURNING id`,
		);
		await config.rows(
			`INSERT INTO directus_permissions (policy, collection, action, fields) VALUES ($1, 'events', 'read', 'id')`,
			[policy?.id],
		);
		await config.rows(
			`INSERT INTO directus_access (id, role, policy) VALUES (gen_random_uuid(), $1, $2), (gen_random_uuid(), $3, $2)`,
			[role?.id, policy?.id, STAFF],
		);
		const before = await config.everything();

		expect((await config.apply(smallAccess().access)).output).toContain('access: no changes');
		expect(await config.everything()).toEqual(before);
		await config.rows('DELETE FROM directus_roles WHERE id = $1', [role?.id]);
		await config.rows('DELETE FROM directus_policies WHERE id = $1', [policy?.id]);
	});
});

describe('what is declared no more', () => {
	it('goes at once when it is a permission or a link', async () => {
		const { access, member } = smallAccess();
		access.public = [];
		delete member.permissions['organizations'];
		const { code, output } = await config.apply(access);

		expect(code).toBe(0);
		expect(output).toContain('plan: delete permission "Test member" organizations.read');
		expect(output).toContain('plan: delete link everybody → "Test published"');
		expect(await config.rows('SELECT FROM directus_access WHERE policy = $1 AND role IS NULL', [PUBLISHED])).toEqual(
			[],
		);
	});

	it('stays when it is a role or policy, with the number of users in the refusal, until it is allowed', async () => {
		const { access } = smallAccess();
		access.roles = [{ id: STAFF, name: 'Test staff', policies: [PUBLISHED] }];
		access.policies = access.policies.slice(0, 1);
		await config.rows(
			`INSERT INTO directus_users (id, email, status, role) VALUES (gen_random_uuid(), 'a@example.com', 'active', $1), (gen_random_uuid(), 'b@example.com', 'active', $2)`,
			[OPERATOR, STAFF],
		);
		const before = await config.everything();
		const refused = await config.apply(access);

		expect(refused.code).toBe(1);
		expect(refused.output).toContain('policy "Test member" (2 users), role "Test operator" (1 user)');
		expect(await config.everything()).toEqual(before);

		expect(await config.apply(access, { ACCESS_ALLOW_DELETE: 'true' })).toMatchObject({ code: 0 });
		expect(await config.rows('SELECT FROM directus_policies WHERE id = $1', [MEMBER])).toEqual([]);
		expect(
			await config.rows(
				`SELECT status, role FROM directus_users WHERE email IN ('a@example.com', 'b@example.com') ORDER BY email`,
			),
		).toEqual([
			{ status: 'suspended', role: null },
			{ status: 'active', role: STAFF },
		]);
	});

	it('is not deleted by a file that declares nothing', async () => {
		const before = await config.everything();
		const { code, stdout } = await config.run(['apply'], { ACCESS_PATH: '/nowhere' });

		expect(code).toBe(0);
		expect(stdout).toContain('access: skipped, /nowhere is absent or empty');
		expect(await config.everything()).toEqual(before);
	});
});
