import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigStack, MEMBER, smallAccess, STAFF } from '../support/access.js';
import { root } from '../support/environment.js';

let config: ConfigStack;
const declared = join(root, 'snapshots/access.yaml');

beforeAll(async () => {
	config = await ConfigStack.start({ serve: false });
});

afterAll(() => config?.stop());

const HAND = '30000000-0000-4000-8000-000000000003';

describe('after a boot', () => {
	it('nothing differs and nothing is unmanaged', async () => {
		const text = await config.run(['diff']);
		expect(text).toMatchObject({ code: 0, stdout: 'no differences\n' });

		const json = await config.command(['diff', '--json']);
		expect(json.code).toBe(0);
		expect(JSON.parse(json.stdout)).toMatchObject({ same: true, access: { differences: [], unmanaged: [] } });
	});

	it('the file is in the form that a snapshot has', async () => {
		const { code, stdout } = await config.run(['snapshot']);
		expect(code).toBe(0);
		expect(stdout).toBe(await readFile(declared, 'utf8'));
	});
});

describe('with a file of the test', () => {
	let path: string;
	let paths: Record<string, string>;

	beforeAll(async () => {
		await config.rows(`DELETE FROM directus_policies WHERE name <> 'Administrator' AND name NOT LIKE '$t:%'`);
		await config.rows(`UPDATE directus_roles SET parent = NULL`);
		await config.rows(`DELETE FROM directus_roles WHERE name <> 'Administrator'`);
		expect(await config.apply(smallAccess().access)).toMatchObject({ code: 0 });
		path = await config.write('access.yaml', smallAccess().access);
		// The bookmarks of the roles that are gone went with them.
		paths = { ACCESS_PATH: path, SETTINGS_PATH: join(dirname(path), 'no-settings.yaml') };
	});

	it('what an administrator made beside it is unmanaged, and no difference', async () => {
		await config.rows(
			`INSERT INTO directus_policies (id, name, icon, admin_access) VALUES ($1, 'By hand', 'badge', true)`,
			[HAND],
		);
		await config.rows(`INSERT INTO directus_access (id, role, policy) VALUES (gen_random_uuid(), $1, $2)`, [
			STAFF,
			HAND,
		]);
		await config.rows(
			`INSERT INTO directus_permissions (policy, collection, action, fields)
			VALUES ('abf8a154-5b1c-4a46-ac9c-7300570f4f17', 'events', 'read', '*')`,
		);
		const { code, stdout } = await config.command(['diff', '--json'], paths);
		const { same, access } = JSON.parse(stdout);

		expect(code).toBe(0);
		expect(same).toBe(true);
		expect(access.differences).toEqual([]);
		expect(access.unmanaged.map(({ name }: { name: string }) => name)).toEqual([
			'policy "By hand" (may do all)',
			'permission of everybody events.read',
			'link "Test staff" → "By hand"',
		]);

		await config.rows('UPDATE directus_policies SET admin_access = false WHERE id = $1', [HAND]);
		await config.rows(
			`INSERT INTO directus_permissions (policy, collection, action, fields) VALUES ($1, 'events', 'read', 'id')`,
			[HAND],
		);
		expect((await config.command(['diff'], paths)).stdout).toContain('unmanaged: policy "By hand" (1 permission)\n');
	});

	it('a file that apply would refuse is not compared, and the mistakes are those that apply finds', async () => {
		const { access, member } = smallAccess();
		member.permissions = {
			devices: { read: { fields: ['*'], filter: { organizations: { organisation: { name: { _eq: 'A' } } } } } },
			evnts: { read: { fields: ['*'] } },
		};
		const env = {
			ACCESS_PATH: await config.write('refused.yaml', access),
			SETTINGS_PATH: await config.write('refused-settings.yaml', { settings: { project_nmae: 'A' } }),
		};
		const mistakes = ({ errors }: { errors: string }) => errors.split('\n').filter((line) => line.includes(' error: '));
		const refused = await config.command(['apply'], env);
		const { code, stdout, errors } = await config.command(['diff', '--json'], env);

		expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
		expect(errors).toContain('organizations.organisation: there is no field "organisation" in organization_devices');
		expect(mistakes({ errors })).toEqual(mistakes(refused));
		expect(mistakes(refused)).toHaveLength(2);
		expect(await config.command(['diff'], env)).toMatchObject({ code: 70, stdout: '' });
	});

	it('a schema that is still to be applied does not keep drift from comparing', async () => {
		const { access, member } = smallAccess();
		member.permissions = { vehicles: { read: { fields: ['make', 'colour'] } } };
		const env = { ...paths, ACCESS_PATH: await config.write('ahead.yaml', access) };
		const snapshot = await readFile(join(root, 'snapshots/schema.yaml'), 'utf8');
		const newer = await config.write('schema.yaml', snapshot.replace('One edition of a rally', 'One edition'));
		const drift = (path: string) => config.stack.trm(['schema', 'drift', '--snapshot', path], env);
		const pending = await drift(newer);
		const applied = await drift(join(root, 'snapshots/schema.yaml'));

		expect(pending.stdout).toContain(
			'permission "Test member" vehicles.read is in the snapshot and not in the database',
		);
		expect(pending.code).toBe(1);
		expect(applied.errors).toContain('vehicles.read.fields[1]: there is no field "colour" in vehicles');
		expect(applied.code).toBe(70);
	});

	it('what was edited is a difference, in words and as JSON, and nothing is written', async () => {
		await config.rows(`UPDATE directus_permissions SET fields = 'id' WHERE policy = $1 AND collection = 'events'`, [
			MEMBER,
		]);
		await config.rows(`DELETE FROM directus_permissions WHERE policy = $1 AND collection = 'organizations'`, [MEMBER]);
		await config.rows(
			`INSERT INTO directus_permissions (policy, collection, action) VALUES ($1, 'vehicles', 'delete')`,
			[MEMBER],
		);
		const before = await config.everything();
		const json = await config.command(['diff', '--json'], paths);
		const { same, access } = JSON.parse(json.stdout);

		expect(json.code).toBe(1);
		expect(same).toBe(false);
		expect(access.differences).toEqual([
			{
				kind: 'permission',
				name: 'permission "Test member" events.read',
				state: 'different',
				properties: [{ path: 'fields', database: ['id'], snapshot: ['*'] }],
			},
			{ kind: 'permission', name: 'permission "Test member" organizations.read', state: 'missing', properties: [] },
			{ kind: 'permission', name: 'permission "Test member" vehicles.delete', state: 'extra', properties: [] },
		]);

		const text = await config.command(['diff'], paths);
		expect(text.code).toBe(1);
		expect(text.stdout).toContain(
			'permission "Test member" events.read: fields is ["id"] in the database and ["*"] in the snapshot\n',
		);
		expect(text.stdout).toContain('unmanaged: policy "By hand" (1 permission)\n');
		expect(await config.everything()).toEqual(before);
	});

	it('a snapshot takes the edit into the file, and applied it is the same', async () => {
		const before = '# Kept.\n\n' + (await readFile(path, 'utf8'));
		await config.write('access.yaml', before);
		const written = await config.command(['snapshot', '--write'], paths);
		const text = await readFile(path, 'utf8');

		expect(written.code).toBe(0);
		expect(text).toMatch(/^# Kept\.\n\nroles:/);
		expect(text).toContain('      vehicles:\n        delete:\n          filter: null\n');
		expect(text).not.toContain('By hand');
		expect(await config.command(['diff'], paths)).toMatchObject({ code: 0 });
		expect((await config.command(['apply'], paths)).stdout).toContain('access: no changes');
		expect((await config.command(['snapshot'], paths)).stdout).toBe(text);
	});
});

it.each<[string, string[], Record<string, string>, number]>([
	['the database does not answer', ['diff', '--json'], { DB_PORT: '1' }, 69],
	['the database is not Directus’s', ['diff'], { DB_DATABASE: 'postgres' }, 70],
	['the file is a directory', ['diff', '--json'], { ACCESS_PATH: '/' }, 78],
	['the argument is unknown', ['diff', '--yaml'], {}, 64],
	['there is no file', ['snapshot'], { ACCESS_PATH: '/nowhere' }, 1],
])('when %s, nothing is on stdout but a reason on stderr', async (_, args, env, status) => {
	const { code, stdout, errors } = await config.run(args, env);

	expect(code).toBe(status);
	expect(stdout).toBe('');
	expect(errors).toContain('[trm] error: ');
});

it('exits 70 on a file that is none', async () => {
	const path = await config.write('broken.yaml', 'roles: [{');
	const { code, errors, stdout } = await config.command(['diff', '--json'], { ACCESS_PATH: path });

	expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
	expect(errors).toContain('is not valid YAML');
});
