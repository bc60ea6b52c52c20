import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { runToEnd } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let directory: string;

beforeAll(async () => {
	stack = await startStack();
	directory = await mkdtemp(join(tmpdir(), 'trm-drift-'));
});

afterAll(async () => {
	await stack?.stop();
	await rm(directory, { recursive: true, force: true });
});

/** stdout goes to a file of its own: what is asserted about it must not be mixed with stderr. */
async function drift(args: string[] = [], env: Record<string, string> = {}) {
	const file = join(directory, 'stdout');
	const command = `exec "$0" schema-drift "$@" >"${file}"`;
	const { code, output } = await runToEnd('bash', ['-c', command, join(root, 'entrypoint.sh'), ...args], {
		cwd: root,
		env: { ...stack.env, ...env },
	});

	return { code, errors: output, stdout: await readFile(file, 'utf8') };
}

describe('schema-drift', () => {
	it('finds no difference after a boot', async () => {
		const { code, stdout } = await drift();

		expect(stdout).toBe('[schema-drift] no differences\n');
		expect(code).toBe(0);

		const json = await drift(['--json']);
		expect(json.code).toBe(0);
		expect(JSON.parse(json.stdout)).toMatchObject({ same: true, schema: { differences: [] } });
	});

	it('finds what was made and changed in the admin UI, and changes nothing', async () => {
		await stack.api('PATCH', '/fields/vehicles/plate', { meta: { note: 'edited' } });
		await stack.api('POST', '/fields/vehicles', { field: 'colour', type: 'string', schema: {}, meta: {} });
		await stack.api('PATCH', '/settings', { project_name: 'Another' });
		await stack.db.query(`DELETE FROM directus_presets WHERE collection = 'vehicles' AND "user" IS NULL`);

		const { code, stdout } = await drift(['--json']);
		const { same, schema, settings } = JSON.parse(stdout);

		expect(code).toBe(1);
		expect(same).toBe(false);
		expect(schema.differences).toEqual([
			{
				kind: 'field',
				name: 'vehicles.plate',
				state: 'different',
				properties: [{ path: 'meta.note', database: 'edited', snapshot: expect.any(String) }],
			},
			{ kind: 'field', name: 'vehicles.colour', state: 'extra', properties: [] },
		]);
		expect(settings.differences).toEqual([
			{ name: 'settings.project_name', state: 'different', database: 'Another', snapshot: 'TRM Directus' },
			{ name: 'presets.vehicles', state: 'missing', database: null, snapshot: null },
		]);

		const text = await drift();
		expect(text.code).toBe(1);
		expect(text.stdout).toContain('field vehicles.colour is in the database and not in the snapshot\n');
		expect(text.stdout).toContain('[schema-drift] 4 differences\n');
	});

	it.each([
		['the database does not answer', [], { DB_PORT: '1' }],
		['the database is not Directus’s', [], { DB_DATABASE: 'postgres' }],
		['there is no snapshot', ['--json'], { SNAPSHOT_PATH: '/nowhere' }],
		['the snapshot is a directory', ['--json'], { SNAPSHOT_PATH: '/' }],
		['Directus is elsewhere', [], { DIRECTUS_CLI: '/nowhere/cli.js' }],
		['the argument is unknown', ['--yaml'], {}],
	])('exits 2, with nothing on stdout but a reason on stderr, when %s', async (_, args, env) => {
		const { code, stdout, errors } = await drift(args, env as Record<string, string>);

		expect(code).toBe(2);
		expect(stdout).toBe('');
		expect(errors).toContain('[schema-drift] error: ');
	});

	it('exits 2 on a snapshot that is none', async () => {
		const path = join(directory, 'broken.yaml');
		await writeFile(path, '{[');
		const { code, errors } = await drift(['--json'], { SNAPSHOT_PATH: path });

		expect(code).toBe(2);
		expect(errors).toContain('is not valid YAML');
	});
});
