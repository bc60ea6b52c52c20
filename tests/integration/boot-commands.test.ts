import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootedDatabase, entrypoint, query, runBoot } from '../support/boot.js';
import { root } from '../support/environment.js';
import { dropDatabase } from '../support/templates.js';

const work = mkdtempSync(join(tmpdir(), 'trm-commands-'));
const snapshot = readFileSync(join(root, 'snapshots/schema.yaml'), 'utf8');
let database: string;

beforeAll(async () => {
	database = await bootedDatabase();
});

afterAll(async () => {
	rmSync(work, { recursive: true });
	await dropDatabase(database);
});

const command = (env: Record<string, string>, ...args: string[]) => runBoot(database, env, [entrypoint, ...args]);

describe('schema-apply', () => {
	it('--dry-run exits 0 for no changes and 1 for pending ones, and changes nothing', async () => {
		expect((await command({}, 'schema-apply', '--dry-run')).status).toBe(0);
		const path = join(work, 'changed.yaml');
		writeFileSync(path, snapshot.replace(/^ {6}icon: .*/m, '      icon: science'));
		const { status, log } = await command({ SNAPSHOT_PATH: path }, 'schema-apply', '--dry-run');
		expect(status).toBe(1);
		expect(log).toMatch(/^plan: /m);
		expect(await query(database, "SELECT FROM directus_collections WHERE icon = 'science'")).toEqual([]);
	});

	it('takes an absent or empty snapshot for nothing declared, and one that is no readable file for a mistake', async () => {
		const absent = await command({ SNAPSHOT_PATH: '/nowhere' }, 'schema-apply');
		expect(absent).toMatchObject({
			status: 0,
			log: expect.stringContaining('no snapshot at /nowhere (absent or empty): skipped'),
		});
		writeFileSync(join(work, 'empty'), '');
		expect((await command({ SNAPSHOT_PATH: join(work, 'empty') }, 'schema-apply')).status).toBe(0);

		symlinkSync('/nowhere', join(work, 'dangling'));
		mkdirSync(join(work, 'folder'));

		for (const name of ['SNAPSHOT_PATH', 'ACCESS_PATH', 'SETTINGS_PATH']) {
			for (const path of ['dangling', 'folder']) {
				const { status, log } = await command({ SNAPSHOT_PATH: '/nowhere', [name]: join(work, path) }, 'schema-apply');
				expect(status).toBe(78);
				expect(log).toContain(`${join(work, path)} is not a file that user`);
				expect(log).toContain(`remedy: check ${name}, the mount, the owner and the mode`);
			}
		}
	});

	it('names a bundle that is not built, or a directory without package.json', async () => {
		writeFileSync(join(work, 'package.json'), '{"type":"module"}');
		const { status, log } = await runBoot(database, {}, [entrypoint, 'schema-apply'], work);
		expect(status).not.toBe(0);
		expect(log).toContain('the bundle is not built: no ./extensions/trm/dist/api.js');
	});
});

it('a captured schema equals the snapshot it came from', async () => {
	const path = join(work, 'schema.yaml');
	writeFileSync(path, snapshot);
	const { status, log } = await command({}, 'schema-snapshot', path);
	expect(status).toBe(0);
	expect(log).toContain('is up to date');
	expect(readFileSync(path, 'utf8')).toBe(snapshot);
});

it('commands say how they are called', async () => {
	expect((await command({}, 'schema-snapshot', '--help')).log).toContain('Usage: trm schema snapshot');
	expect((await command({}, 'config', '--help')).log).toContain('Usage: trm config');
});
