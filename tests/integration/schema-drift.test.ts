import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';
import { runTrm } from '../support/trm.js';

let stack: Stack;
let directory: string;

beforeAll(async () => {
	stack = await startStack({ owns: true });
	directory = await mkdtemp(join(tmpdir(), 'trm-drift-'));
});

afterAll(async () => {
	await stack?.stop();
	await rm(directory, { recursive: true, force: true });
});

const drift = (args: string[] = [], env: Record<string, string> = {}) =>
	runTrm(args, { ...stack.env, ...env }, 'scripts/schema-drift.sh');

describe('schema-drift', () => {
	it('finds no difference after a boot', async () => {
		const { code, stdout } = await drift();

		expect(stdout).toBe('no differences\n');
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
		expect(text.stdout).toContain('\n4 differences\n');
	});

	it.each([
		['the database does not answer', 69, [], { DB_PORT: '1' }],
		['the database is not Directus’s', 70, [], { DB_DATABASE: 'postgres' }],
		['there is no snapshot', 70, ['--json'], { SNAPSHOT_PATH: '/nowhere' }],
		['the snapshot is a directory', 78, ['--json'], { SNAPSHOT_PATH: '/' }],
		['Directus is elsewhere', 78, [], { DIRECTUS_CLI: '/nowhere/cli.js' }],
		['the argument is unknown', 64, ['--yaml'], {}],
	])('when %s, exits %i with nothing on stdout but a reason on stderr', async (_, status, args, env) => {
		const { code, stdout, errors } = await drift(args, env as Record<string, string>);

		expect(code).toBe(status);
		expect(stdout).toBe('');
		expect(errors).toContain('[trm] error: ');
	});

	it('exits 70 on a snapshot that is none', async () => {
		const path = join(directory, 'broken.yaml');
		await writeFile(path, '{[');
		const { code, errors } = await drift(['--json'], { SNAPSHOT_PATH: path });

		expect(code).toBe(70);
		expect(errors).toContain('is not valid YAML');
	});
});
