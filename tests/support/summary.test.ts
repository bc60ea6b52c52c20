import { describe, expect, it } from 'vitest';
import { countsOf, linesOfFailure, resultOf, rowsOf, tableOf, totalOf, type FileOutcome } from './summary.js';

const file = (more: Partial<FileOutcome> = {}): FileOutcome => ({
	suite: 'access',
	passed: 3,
	failed: 0,
	skipped: 0,
	...more,
});

describe('a file that counts itself', () => {
	it('is its cells and attacks, and not its tests', () => {
		const counts = {
			cells: 20,
			cells_failed: 2,
			attacks: 5,
			attacks_failed: 1,
			server_errors: 0,
			seed: 'x',
			events: 7,
		};
		expect(resultOf(file({ failed: 1, counts }))).toEqual({ suite: 'access', passed: 22, failed: 3, skipped: 0 });
	});

	it('has failed where only a test has, or the server', () => {
		expect(resultOf(file({ failed: 2, counts: { cells: 20, cells_failed: 0 } }))).toMatchObject({ failed: 2 });
		expect(resultOf(file({ counts: { cells: 20, cells_failed: 0, server_errors: 4 } }))).toMatchObject({ failed: 4 });
	});

	it('is its tests where it counts nothing that failed', () => {
		expect(resultOf(file({ counts: { server_errors: 0 } }))).toMatchObject({ passed: 3, failed: 0 });
	});
});

it('files of a suite make one row, in the order of the suites', () => {
	const rows = rowsOf([file({ suite: 'b' }), file({ suite: 'a', skipped: 1 }), file({ suite: 'b', failed: 2 })]);
	expect(rows).toEqual([
		{ suite: 'b', passed: 6, failed: 2, skipped: 0 },
		{ suite: 'a', passed: 3, failed: 0, skipped: 1 },
	]);
	expect(totalOf(rows)).toBe('9 passed, 2 failed, 1 skipped');
	expect(totalOf(rows.slice(0, 1))).toBe('6 passed, 2 failed');
	expect(tableOf(rows, new Map([['b', 61.6]]))).toEqual([
		'suite            passed   failed  skipped     time',
		'b                     6        2        0     62 s',
		'a                     3        0        1      0 s',
	]);
});

it('adds up the numbers that files count, and keeps what is none', () => {
	expect(countsOf([file()])).toBeNull();
	expect(countsOf([file({ counts: { cells: 1, seed: 'x' } }), file({ counts: { cells: 2 } })])).toEqual({
		cells: 3,
		seed: 'x',
	});
});

it('a failure is told with the beginning of its message', () => {
	const message = `\none\ntwo\n${'x'.repeat(400)}\nfour\nfive`;
	expect(linesOfFailure({ name: 'a > b', message })).toEqual([
		'not ok a > b',
		'#   one',
		'#   two',
		`#   ${'x'.repeat(300)}`,
		'#   four',
	]);
});
