import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let directory: string;

beforeAll(async () => {
	stack = await startStack({ serve: false });
	directory = await mkdtemp(join(tmpdir(), 'trm-settings-'));
});

afterAll(async () => {
	await stack?.stop();
	await rm(directory, { recursive: true, force: true });
});

const apply = (args: string[] = []) => stack.trm(['schema', 'apply', ...args]);

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

		expect(output).toContain('settings: unchanged');
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

	it.each([
		['settings:\n  project_nmae: Typo\n', 'settings.project_nmae: there is no such name'],
		['settings:\n  project_name: 5\n', 'settings.project_name: 5 is not text'],
		['settings:\n  basemaps: [{ name: Map, type: pmtiles, url: x }]\n', 'settings.basemaps[0].type: Invalid option'],
		['presets:\n  - { collection: vehicles, role: Nobody }\n', 'presets[0].role: there is no role "Nobody"'],
		['presets:\n  - { collection: vehicels }\n', 'presets[0].collection: there is no collection "vehicels"'],
		['presets:\n  - { collection: vehicles, layuot: tabular }\n', 'presets[0].layuot: there is no such name'],
	])('are refused as %j, and nothing is written', async (text, message) => {
		const path = join(directory, 'settings.yaml');
		await writeFile(path, `${text}# ${message}\n`);
		const stateOf = async () =>
			(
				await stack.db.query(
					`SELECT (SELECT count(*) FROM directus_presets), value FROM trm.state WHERE key = 'settings'`,
				)
			).rows;
		const before = await stateOf();
		const { code, output } = await apply(['--settings', path]);

		expect(code).toBe(1);
		expect(output).toContain(message);
		expect(await stateOf()).toEqual(before);
	});

	it('name the one that the database refuses', async () => {
		const path = join(directory, 'settings.yaml');
		await writeFile(path, `settings:\n  project_name: ${'long '.repeat(100)}\n`);
		const { code, output } = await apply(['--settings', path]);

		expect(code).toBe(1);
		expect(output).toMatch(/settings was refused.*project_name/);
	});

	it('are pending in a dry run, which writes nothing', async () => {
		const path = join(directory, 'settings.yaml');
		await writeFile(path, 'settings:\n  project_name: Not yet\n');
		const { code, output } = await apply(['--dry-run', '--settings', path]);
		const { rows } = await stack.db.query('SELECT project_name FROM directus_settings');

		expect(code).toBe(1);
		expect(output).toContain('settings: pending');
		expect(rows).not.toEqual([{ project_name: 'Not yet' }]);
	});

	it("add a preset beside a user's own one of the same name", async () => {
		const path = join(directory, 'settings.yaml');
		await writeFile(path, 'presets:\n  - { collection: events, bookmark: Drafts }\n');
		await stack.db.query(
			`INSERT INTO directus_presets ("user", collection, bookmark) SELECT id, 'events', 'Drafts' FROM directus_users LIMIT 1`,
		);
		const { code, output } = await apply(['--settings', path]);
		const { rows } = await stack.db.query(
			`SELECT "user" IS NULL AS "isOfAll" FROM directus_presets WHERE bookmark = 'Drafts' ORDER BY 1`,
		);

		expect(code).toBe(0);
		expect(output).toContain('1 presets added');
		expect(rows).toEqual([{ isOfAll: false }, { isOfAll: true }]);
	});

	it('add bookmarks for roles, and leave them as an administrator changes them', async () => {
		const path = join(directory, 'settings.yaml');
		const bookmark = `collection: vehicles, role: Operator, bookmark: Motorcycles, icon: two_wheeler`;
		const basemap = `{ name: Relief, type: raster, url: 'https://tiles.example.com/{z}/{x}/{y}.png', tileSize: 256 }`;
		const write = (icon: string) =>
			writeFile(
				path,
				`settings: { basemaps: [${basemap}] }
presets:
  - { ${bookmark}, filter: { kind: { _eq: moto } } } # ${icon}
  - { collection: vehicles, bookmark: All, layout: tabular }
`,
			);
		const bookmarks = async () =>
			(
				await stack.db.query(
					`SELECT p.bookmark, p.icon, p.filter, r.name AS role FROM directus_presets p LEFT JOIN directus_roles r ON r.id = p.role
					WHERE p.bookmark IS NOT NULL AND p."user" IS NULL AND p.collection = 'vehicles' AND p.bookmark IN ('Motorcycles', 'All') ORDER BY p.bookmark`,
				)
			).rows;

		await write('first');
		const first = await apply(['--settings', path]);
		expect(first.code).toBe(0);
		expect(await bookmarks()).toEqual([
			{ bookmark: 'All', icon: 'bookmark', filter: null, role: null },
			{ bookmark: 'Motorcycles', icon: 'two_wheeler', filter: { kind: { _eq: 'moto' } }, role: 'Operator' },
		]);
		expect((await stack.db.query('SELECT basemaps FROM directus_settings')).rows).toEqual([
			{ basemaps: [expect.objectContaining({ name: 'Relief', tileSize: 256 })] },
		]);

		await stack.db.query(`UPDATE directus_presets SET icon = 'star' WHERE bookmark = 'Motorcycles'`);
		await write('second');
		expect((await apply(['--settings', path])).output).toContain('0 presets added');
		expect(await bookmarks()).toContainEqual(expect.objectContaining({ bookmark: 'Motorcycles', icon: 'star' }));
	});
});
