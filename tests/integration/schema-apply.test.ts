import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { startStack, type Stack } from '../support/stack.js';

interface Named {
	collection: string;
	field: string;
	meta: { note: string | null; field: string; id?: number };
	schema: { name: string };
}

type Snapshot = Record<'collections' | 'fields' | 'relations', Named[]>;

let stack: Stack;
let directory: string;

beforeAll(async () => {
	stack = await startStack();
	await stack.end();
	directory = await mkdtemp(join(tmpdir(), 'trm-snapshot-'));
});

afterAll(async () => {
	await stack?.stop();
	await rm(directory, { recursive: true, force: true });
});

const apply = (args: string[] = [], env: Record<string, string> = {}) =>
	stack.cli(['trm', 'schema', 'apply', ...args], { LOG_LEVEL: 'warn', ...env });

/** The project's snapshot with a change, as a file. */
async function snapshotWith(change: (snapshot: Snapshot) => void): Promise<string[]> {
	const snapshot = load(await readFile(join(root, 'snapshots/schema.yaml'), 'utf8')) as Snapshot;
	change(snapshot);
	const path = join(directory, 'schema.yaml');
	await writeFile(path, dump(snapshot));
	return ['--snapshot', path];
}

const noteOf = async (field: string) => {
	const { rows } = await stack.db.query<{ note: string }>(
		`SELECT note FROM directus_fields WHERE collection = 'vehicles' AND field = $1`,
		[field],
	);

	return rows[0]?.note;
};

const changeNote = (snapshot: Snapshot) => {
	const plate = snapshot.fields.find(({ collection, field }) => collection === 'vehicles' && field === 'plate');
	if (plate) plate.meta.note = 'another note';
};

const withoutPlate = (snapshot: Snapshot) => {
	snapshot.fields = snapshot.fields.filter(
		({ collection, field }) => !(collection === 'vehicles' && field === 'plate'),
	);
};

describe('trm schema apply', () => {
	it('finds nothing to do on a database that was booted from the same snapshot', async () => {
		const { code, output } = await apply();

		expect(code).toBe(0);
		expect(output).toContain('[schema] no changes');
	});

	it('plans without writing, with exit 2 for pending and 0 for none', async () => {
		const before = await noteOf('plate');
		const pending = await apply(['--dry-run', ...(await snapshotWith(changeNote))]);

		expect(pending.code).toBe(2);
		expect(pending.output).toContain('plan: change field vehicles.plate: meta.note');
		expect(await noteOf('plate')).toBe(before);
		expect((await apply(['--dry-run'])).code).toBe(0);
	});

	it('applies what differs, says what it did, and then finds nothing to do', async () => {
		const changed = await snapshotWith(changeNote);
		const applied = await apply(changed);

		expect(applied.code).toBe(0);
		expect(applied.output).toContain('1 changes applied and verified');
		expect(await noteOf('plate')).toBe('another note');
		expect((await apply(changed)).output).toContain('[schema] no changes');
	});

	it('refuses to delete a field, names it and the way out, and deletes nothing', async () => {
		const { code, output } = await apply(await snapshotWith(withoutPlate));

		expect(code).toBe(1);
		expect(output).toContain('would delete vehicles.plate');
		expect(output).toContain('SCHEMA_APPLY_ALLOW_DELETE=true');
		await stack.db.query('SELECT plate FROM vehicles');
	});

	it('deletes it when that is allowed', async () => {
		const { code } = await apply(await snapshotWith(withoutPlate), { SCHEMA_APPLY_ALLOW_DELETE: 'true' });

		expect(code).toBe(0);
		await expect(stack.db.query('SELECT plate FROM vehicles')).rejects.toThrow('plate');
		expect((await apply()).code).toBe(0);
	});

	it.each([
		['no YAML', '{[', 'is not valid YAML'],
		['no snapshot', 'hello: world', 'ERROR'],
	])('fails on %s and names the problem', async (_, text, message) => {
		const path = join(directory, 'broken.yaml');
		await writeFile(path, text);
		const { code, output } = await apply(['--snapshot', path]);

		expect(code).toBe(1);
		expect(output).toContain(message);
	});

	it('takes a whitespace-only snapshot for one that declares nothing', async () => {
		const path = join(directory, 'empty.yaml');
		await writeFile(path, ' \n\n');
		const { code, output } = await apply(['--snapshot', path]);

		expect(code).toBe(0);
		expect(output).toContain('skipped');
	});
});

describe('settings', () => {
	const moduleBar = async () => {
		const { rows } = await stack.db.query<{ module_bar: { id: string; enabled: boolean }[] }>(
			'SELECT module_bar FROM directus_settings',
		);

		return rows[0]?.module_bar ?? [];
	};

	it('put Race Control into the module bar', async () => {
		expect(await moduleBar()).toContainEqual(expect.objectContaining({ id: 'race-control', enabled: true }));
	});

	it('are not written again while the file is the same, so that what an administrator changed stays', async () => {
		await stack.db.query(`UPDATE directus_settings SET project_name = 'Changed by hand'`);
		const { output } = await apply();
		const { rows } = await stack.db.query('SELECT project_name FROM directus_settings');

		expect(output).toContain('settings unchanged');
		expect(rows).toEqual([{ project_name: 'Changed by hand' }]);
	});

	it('are written when the file changed', async () => {
		const path = join(directory, 'settings.yaml');
		await writeFile(path, 'settings:\n  project_name: From the file\n');
		const { code } = await apply(['--settings', path]);
		const { rows } = await stack.db.query('SELECT project_name FROM directus_settings');

		expect(code).toBe(0);
		expect(rows).toEqual([{ project_name: 'From the file' }]);
	});

	it('are refused with the place of the mistake, and nothing is written', async () => {
		const path = join(directory, 'settings.yaml');
		await writeFile(path, 'setings:\n  project_name: Typo\n');
		const { code, output } = await apply(['--settings', path]);

		expect(code).toBe(1);
		expect(output).toContain('Unrecognized key: "setings"');
	});
});
