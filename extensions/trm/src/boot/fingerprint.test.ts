import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readImageState, type Fingerprint } from './fingerprint.js';

const work = mkdtempSync(join(tmpdir(), 'trm-fingerprint-'));
const root = join(work, 'image');
afterAll(() => rmSync(work, { recursive: true }));

const write = (path: string, text = path) => {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
};

beforeEach(() => {
	rmSync(root, { recursive: true, force: true });
	write('directus/package.json', JSON.stringify({ name: 'directus', version: '11.17.4' }));
	const files = [
		'db-init/001_a.sql',
		'db-init/after-schema/001_b.sql',
		'db-init/current/c.sql',
		'snapshots/schema.yaml',
		'snapshots/access.yaml',
	];
	const code = [
		'extensions/trm/dist/api.js',
		'extensions/trm/dist/trm.js',
		'entrypoint.sh',
		'scripts/trm',
		'scripts/lib/environment.sh',
		'migrations/x.js',
	];
	for (const path of ['directus/cli.js', 'snapshots/settings.yaml', ...files, ...code]) write(path);
});

const env = () => ({
	DIRECTUS_CLI: join(root, 'directus/cli.js'),
	DB_INIT_PATH: join(root, 'db-init'),
	SNAPSHOT_PATH: join(root, 'snapshots/schema.yaml'),
	ACCESS_PATH: join(root, 'snapshots/access.yaml'),
	SETTINGS_PATH: join(root, 'snapshots/settings.yaml'),
	EXTENSIONS_PATH: join(root, 'extensions'),
	MIGRATIONS_PATH: join(root, 'migrations'),
});
const state = (extra = {}) => readImageState({ ...env(), ...extra }, root);

/** The parts that another state of the files changes. */
function changedBy(change: () => void): string[] {
	const before = state().parts as Fingerprint;
	change();
	const after = state().parts as Fingerprint;
	return (Object.keys(before) as (keyof Fingerprint)[]).filter((part) => before[part] !== after[part]);
}

describe('readImageState', () => {
	it('is the same for the same files, and has the version of Directus', () => {
		expect(state().directus).toBe('11.17.4');
		expect(changedBy(() => write('README.md'))).toEqual([]);
	});

	it.each([
		['migrations', 'db-init/001_a.sql'],
		['migrations', 'db-init/after-schema/001_b.sql'],
		['migrations', 'db-init/current/c.sql'],
		['snapshots', 'snapshots/schema.yaml'],
		['snapshots', 'snapshots/access.yaml'],
		['snapshots', 'snapshots/settings.yaml'],
		['code', 'extensions/trm/dist/api.js'],
		['code', 'extensions/trm/dist/trm.js'],
		['code', 'entrypoint.sh'],
		['code', 'scripts/trm'],
		['code', 'scripts/lib/environment.sh'],
		['code', 'migrations/x.js'],
		['directus', 'directus/package.json'],
	])('has another part %s when %s was edited', (part, path) => {
		const text = path.endsWith('package.json') ? '{"name": "directus", "version": "11.18.0"}' : 'changed';
		expect(changedBy(() => write(path, text))).toEqual([part]);
	});

	it('sees an absent file, and the same content under another name', () => {
		expect(changedBy(() => rmSync(join(root, 'snapshots/settings.yaml')))).toEqual(['snapshots']);
		const rename = () => renameSync(join(root, 'db-init/001_a.sql'), join(root, 'db-init/001_z.sql'));
		expect(changedBy(rename)).toEqual(['migrations']);
	});

	it('finds the version of a package below the cli.js, and says when there is none', () => {
		cpSync(join(root, 'directus'), join(root, 'wrapper/node_modules/directus'), { recursive: true });
		write('wrapper/cli.js');
		expect(state({ DIRECTUS_CLI: join(root, 'wrapper/cli.js') }).directus).toBe('11.17.4');
		expect(state({ DIRECTUS_CLI: '/nowhere/cli.js' })).toMatchObject({
			parts: null,
			problem: 'no version of Directus is found beside /nowhere/cli.js',
		});
	});

	it('knows nothing where something cannot be read', () => {
		expect(state({ EXTENSIONS_LOCATION: 's3' })).toMatchObject({
			parts: null,
			problem: 'the bundle lies in EXTENSIONS_LOCATION, where its changes are not seen',
		});
		symlinkSync('/nowhere', join(root, 'snapshots/dangling'));
		expect(state({ ACCESS_PATH: join(root, 'snapshots/dangling') })).toMatchObject({
			parts: null,
			problem: expect.stringMatching(/^not all of .* can be read$/),
		});
	});
});
