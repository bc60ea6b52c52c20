import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './environment.js';
import { runToEnd } from './processes.js';

/** A folder with a vitest of its own, which ends as npm test does. */
let directory: string;

const CONFIG = `export default { test: {
	reporters: ['default', '${root}/tests/support/summary-reporter.ts'],
	projects: ['one', 'two'].map((name) => ({ test: { name, include: [name + '/*.test.ts'] } })),
} };`;

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), 'trm-summary-'));
	await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
	await writeFile(join(directory, 'vitest.config.mjs'), CONFIG);
	await writeFile(join(directory, 'package.json'), '{"type": "module"}');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** @param files by path, each the code after the import of vitest */
async function runFiles(files: Record<string, string>, ...args: string[]) {
	for (const [path, code] of Object.entries(files)) {
		await runToEnd('mkdir', ['-p', join(directory, path, '..')], {});
		await writeFile(
			join(directory, path),
			`import { afterAll, beforeAll, describe, expect, it } from 'vitest';\n${code}`,
		);
	}

	const env = { PATH: process.env['PATH'], HOME: directory, NO_COLOR: '1', CI: 'true' };
	const vitest = join(root, 'node_modules/vitest/vitest.mjs');
	const { code, output } = await runToEnd('node', [vitest, 'run', ...args], { cwd: directory, env });
	const lines = output.trim().split('\n');
	return { code, output, last: lines.at(-1), rows: lines.filter((line) => /^\S+( +\d+){4} s$/.test(line)) };
}

const PASSES = `it('passes', () => undefined);`;

it('tells each suite, and ends with the sum', async () => {
	const { code, rows, last } = await runFiles({
		'one/a.test.ts': `${PASSES} it.skip('skips', () => undefined); it('skips itself', ({ skip }) => skip('because'));`,
		'two/b.test.ts': PASSES,
	});
	expect([code, last]).toEqual([0, '2 passed, 0 failed, 2 skipped']);
	expect(rows.map((row) => row.split(/ +/).slice(0, 4).join(' ')).sort()).toEqual(['one 1 0 2', 'two 1 0 0']);
});

/** What fails, and how it is told. */
const FAILING: Record<string, [code: string, told: string]> = {
	'a test': [`it('fails', () => expect('this').toBe('that'));`, `: fails\n#   expected 'this' to be 'that'`],
	'an import': [`import './nowhere.js';`, '\n#   Cannot find module'],
	'the hook of a suite': [
		`describe('all', () => { beforeAll(() => { throw new Error('no suite'); }); ${PASSES} });`,
		': all\n#   no suite',
	],
	'the hook of a file': [`afterAll(() => { throw new Error('no file'); }); ${PASSES}`, '\n#   no file'],
};

it('tells each failure once more at the end: of a test, an import, a hook and what nothing awaits', async () => {
	const codes = Object.values(FAILING).map(([code], at) => [`one/${at}.test.ts`, code] as const);
	const unawaited = `it('passes', async () => { void Promise.reject(new Error('no one')); await new Promise((r) => setTimeout(r, 50)); });`;
	const { code, output, last } = await runFiles({ ...Object.fromEntries(codes), 'two/b.test.ts': unawaited });

	for (const [at, [, told]] of Object.values(FAILING).entries())
		expect(output).toContain(`not ok one/${at}.test.ts${told}`);
	expect(output).toContain('not ok outside of a test\n#   no one');
	// vitest calls a test skipped whose beforeAll() has failed.
	expect([code, last]).toEqual([1, '2 passed, 5 failed, 1 skipped']);
});

it('a suite without a file is a failure, unless a file was named', async () => {
	const all = await runFiles({ 'one/a.test.ts': PASSES });
	expect([all.code, all.last]).toEqual([1, '1 passed, 1 failed']);
	expect(all.output).toContain('not ok two\n#   no test file was run');
	const named = await runFiles({}, 'one/a.test.ts');
	expect([named.code, named.last]).toEqual([0, '1 passed, 0 failed']);
});

it('ends with the sum also where the set-up of all tests fails', async () => {
	await writeFile(join(directory, 'setup.mjs'), `export default () => { throw new Error('no server'); };`);
	const config = CONFIG.replace('test: { name,', `test: { globalSetup: ['./setup.mjs'], name,`);
	await writeFile(join(directory, 'vitest.config.mjs'), config);
	const { code, output, last } = await runFiles({ 'one/a.test.ts': PASSES, 'two/b.test.ts': PASSES });
	expect([code, last]).toEqual([1, '0 passed, 1 failed']);
	expect(output).toContain('no server');
});

it('counts what a file counts itself, and ends with it where nothing else ran', async () => {
	const counting = `afterAll(({}, suite) => { suite.file.meta.counts = { cells: 10, cells_failed: 3, server_errors: 0 }; }); ${PASSES}`;
	const { code, output, last } = await runFiles({ 'one/a.test.ts': counting }, 'one/a.test.ts');
	expect([code, last]).toEqual([1, '{"cells":10,"cells_failed":3,"server_errors":0}']);
	expect(output).toContain('\n7 passed, 3 failed\n');
});
