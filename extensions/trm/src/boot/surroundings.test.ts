import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { problemsAround } from './surroundings.js';

const directory = mkdtempSync(join(tmpdir(), 'trm-surroundings-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (path: string) => (
	mkdirSync(join(directory, path, '..'), { recursive: true }),
	writeFileSync(join(directory, path), '{}')
);
for (const path of [
	'bin/pm2-runtime',
	'cli.js',
	'ecosystem.config.cjs',
	'app/package.json',
	'extensions/trm/dist/api.js',
	'plain',
])
	file(path);

const good = {
	PATH: `/nowhere:${join(directory, 'bin')}`,
	TMPDIR: directory,
	PM2_HOME: join(directory, 'made/pm2'),
	DIRECTUS_CLI: join(directory, 'cli.js'),
	ECOSYSTEM_FILE: join(directory, 'ecosystem.config.cjs'),
	EXTENSIONS_PATH: join(directory, 'extensions'),
};
const problems = (env: Record<string, string> = {}, cwd = 'app') =>
	problemsAround({ ...good, ...env }, join(directory, cwd), '/directus');

describe('problemsAround', () => {
	it('finds nothing where everything is there', () => {
		expect(problems()).toEqual([]);
	});

	it.each([
		['a program', { PATH: '/nowhere' }, 'no pm2-runtime on PATH; remedy: install it, or correct PATH'],
		[
			'cli.js',
			{ DIRECTUS_CLI: '/nowhere/cli.js' },
			'no file /nowhere/cli.js; remedy: correct DIRECTUS_CLI or ECOSYSTEM_FILE',
		],
		['the ecosystem', { ECOSYSTEM_FILE: '/nowhere/e' }, 'no file /nowhere/e; remedy: correct'],
		['the bundle', { EXTENSIONS_PATH: './none' }, 'the bundle is not built: no ./none/trm/dist/api.js seen from'],
		...['TMPDIR', 'PM2_HOME', 'TEMP_PATH'].map((name) => [
			name,
			{ [name]: join(directory, 'plain/below') },
			`cannot write to ${join(directory, 'plain/below')}; remedy: under a read-only root mount a tmpfs there (--tmpfs /tmp), or set ${name}`,
		]),
	] as [string, Record<string, string>, string][])('misses %s', (_what, env, line) => {
		expect(problems(env)).toEqual([expect.stringContaining(line)]);
	});

	it('misses package.json in the working directory', () => {
		const line = `no package.json in the working directory ${join(directory, 'bin')}; remedy: start from the directory that holds it, such as /directus`;
		expect(problems({}, 'bin')).toEqual([line]);
	});

	it('does not look for a bundle that lies in a storage location', () => {
		expect(problems({ EXTENSIONS_PATH: './none', EXTENSIONS_LOCATION: 's3' })).toEqual([]);
	});
});
