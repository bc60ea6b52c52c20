import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function filesBelow(folder: string, ending: RegExp): string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && ending.test(entry.name))
		.map((entry) => relative(root, join(entry.parentPath, entry.name)))
		.filter((path) => !path.includes('node_modules') && !path.includes('dist/'));
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as string);
const distinct = (names: string[]) => [...new Set(names)].sort();

const bundle = filesBelow('extensions/trm/src', /\.ts$/).filter((path) => !path.endsWith('.test.ts'));
const shell = ['entrypoint.sh', ...filesBelow('scripts', /\.sh$/)];

describe('docs/errors.md', () => {
	const page = read('docs/errors.md');

	const codes = distinct(
		bundle.flatMap((path) => [
			...matches(read(path), /\bcode: '([A-Z_]+)'/g),
			...matches(read(path), /createError(?:<[^>]*>)?\(\s*'([A-Z_]+)'/g),
		]),
	);

	it('is compared with codes that are really there', () => {
		expect(codes).toEqual(expect.arrayContaining(['INVALID_PAYLOAD', 'FORBIDDEN', 'MIGRATION_CHANGED']));
	});

	it.each(codes)('has %s', (code) => {
		expect(page).toContain(`\`${code}\``);
	});

	const statuses = distinct(
		shell.flatMap((path) => [
			...matches(read(path), /\bEXIT_[A-Z]+=(\d+)/g),
			...matches(read(path), /\b(?:die|exit) (\d+)\b/g),
		]),
	);

	it.each(statuses)('has exit status %s', (status) => {
		expect(page).toMatch(new RegExp(`^\\| (\\d+, )*${status}(, \\d+)* +\\|`, 'm'));
	});
});

describe('docs/environment.md', () => {
	const page = read('docs/environment.md');

	// common.sh sets this from the checkout's place for every script that sources it; nobody gives it from outside.
	const setByCommon = new Set(['LOCAL']);

	const variables = distinct([
		...bundle.filter((path) => path.endsWith('/env.ts')).flatMap((path) => matches(read(path), /^\t([A-Z][A-Z_]+):/gm)),
		// Exported or defaulted, which is how the shell reads and sets its surroundings; its own names are lower case or set first.
		...shell.flatMap((path) => {
			const text = read(path);
			const own = new Set(matches(text, /^\s*(?:local |readonly )?([A-Z][A-Z_]+)=(?!"?\$\{\1)/gm));
			return matches(text, /\$\{([A-Z][A-Z_]{2,}):?[-?]/g).filter((name) => !own.has(name));
		}),
	]).filter((name) => !name.startsWith('BASH') && !name.endsWith('_PID') && !setByCommon.has(name));

	it('is compared with variables that are really there', () => {
		expect(variables).toEqual(expect.arrayContaining(['DB_WAIT_TIMEOUT', 'EVENT_STREAM', 'SNAPSHOT_PATH']));
	});

	it.each(variables)('has %s', (name) => {
		expect(page).toContain(`\`${name}\``);
	});
});

describe('links', () => {
	const pages = ['README.md', 'CONTRIBUTING.md', 'snapshots/README.md', ...filesBelow('docs', /\.md$/)];

	it.each(pages)('of %s lead to files that are there', (page) => {
		const targets = matches(read(page), /\]\((?!https?:|#)([^)#\s]+)/g);
		const missing = targets.filter((target) => {
			try {
				readdirSync(join(root, dirname(page), target));
				return false;
			} catch (error) {
				return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
			}
		});

		expect(missing).toEqual([]);
	});
});
