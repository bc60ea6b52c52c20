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
	schema: { name: string; max_length?: number | null };
}

type Snapshot = Record<'collections' | 'fields' | 'relations', Named[]>;

let stack: Stack;
let directory: string;

beforeAll(async () => {
	stack = await startStack({ serve: false });
	directory = await mkdtemp(join(tmpdir(), 'trm-snapshot-'));
});

afterAll(async () => {
	await stack?.stop();
	await rm(directory, { recursive: true, force: true });
});

/** Without an access file: the project's names what some of these snapshots leave out, which would be refused. */
const WITHOUT_ACCESS = { ACCESS_PATH: '/nowhere' };

const apply = (args: string[] = [], env: Record<string, string> = {}) =>
	stack.trm(['schema', 'apply', ...args], { ...WITHOUT_ACCESS, ...env });

const applyInProcess = (args: string[]) => stack.trmProcess(['schema', 'apply', ...args], WITHOUT_ACCESS);

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
		expect(output).toContain('schema: no changes');
	});

	it('plans without writing, with exit 1 for pending and 0 for none', async () => {
		const before = await noteOf('plate');
		const pending = await apply(['--dry-run', ...(await snapshotWith(changeNote))]);

		expect(pending.code).toBe(1);
		expect(pending.output).toContain('plan: change field vehicles.plate: meta.note');
		expect(await noteOf('plate')).toBe(before);
		expect((await apply(['--dry-run'])).code).toBe(0);
	});

	it('applies what differs, says what it did, and then finds nothing to do', async () => {
		const changed = await snapshotWith(changeNote);
		const applied = await applyInProcess(changed);

		expect(applied.code).toBe(0);
		expect(applied.output).toContain('schema: 1 field written and verified');
		expect(await noteOf('plate')).toBe('another note');
		expect((await apply(changed)).output).toContain('schema: no changes');
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
		['white space', ' \n\n'],
		['comments', '# nothing yet\n'],
	])('takes a snapshot of only %s for one that declares nothing', async (_, text) => {
		const path = join(directory, 'empty.yaml');
		await writeFile(path, text);
		const { code, output } = await apply(['--snapshot', path]);

		expect(code).toBe(0);
		expect(output).toContain('skipped');
	});

	it.each([
		['no YAML', '{[', 'is not valid YAML'],
		['no snapshot', 'hello: world', 'error: '],
	])('fails on %s and names the problem', async (_, text, message) => {
		const path = join(directory, 'broken.yaml');
		await writeFile(path, text);
		const { code, output } = await apply(['--snapshot', path]);

		expect(code).toBe(1);
		expect(output).toContain(message);
	});
});

describe('a snapshot that lost more than it shows', () => {
	const withRow = async () =>
		stack.db.query(
			`INSERT INTO vehicles (id, organization, make, kind, plate)
			VALUES (gen_random_uuid(), '${await stack.home()}', 'KTM', 'moto', 'AA 123 BB')
			ON CONFLICT DO NOTHING`,
		);

	const find = (list: Named[], collection: string, field?: string) =>
		list.find((entry) => entry.collection === collection && (field === undefined || entry.field === field)) as Named;

	const without = (thing: object, key: string) => Reflect.deleteProperty(thing, key);

	// In two snapshots: of a collection that would be dropped, nothing else is said.
	it.each<[string, string[], (snapshot: Snapshot) => void]>([
		[
			'a note, the length of a column, and what a relation does on delete',
			[
				'meta.note of collection classes',
				'schema.max_length of field vehicles.plate',
				'schema.on_delete of relation organization_vehicles.vehicle',
			],
			({ collections, fields, relations }) => {
				without(find(collections, 'classes').meta, 'note');
				without(find(fields, 'vehicles', 'plate').schema, 'max_length');
				without(find(relations, 'organization_vehicles', 'vehicle').schema, 'on_delete');
			},
		],
		[
			'its table',
			['schema of collection vehicles'],
			({ collections }) => without(find(collections, 'vehicles'), 'schema'),
		],
	])('is refused when it lacks %s, whatever is allowed, and drops nothing', async (_, lacking, change) => {
		await withRow();
		const snapshot = await snapshotWith(change);
		const { code, output } = await apply(snapshot, { SCHEMA_APPLY_ALLOW_DELETE: 'true' });

		expect(code).toBe(1);
		for (const what of lacking) expect(output).toContain(`the snapshot lacks ${what}`);
		expect(output.match(/plan: delete/g)).toHaveLength(lacking.length);
		const { rows } = await stack.db.query('SELECT plate FROM vehicles');
		expect(rows).toContainEqual({ plate: 'AA 123 BB' });
	});

	it('does not cut values to a shorter column unless that is allowed', async () => {
		await withRow();
		const shorter = await snapshotWith(({ fields }) => {
			find(fields, 'vehicles', 'plate').schema.max_length = 3;
		});
		const { code, output } = await apply(shorter);

		expect(code).toBe(1);
		expect(output).toMatch(/would convert vehicles\.plate \(schema\.max_length \d+ → 3\)/);
		const { rows } = await stack.db.query('SELECT plate FROM vehicles');
		expect(rows).toContainEqual({ plate: 'AA 123 BB' });
		expect((await apply(shorter, { SCHEMA_APPLY_ALLOW_DELETE: 'true' })).code).toBe(0);
		expect((await apply()).code).toBe(0);
	});
});
