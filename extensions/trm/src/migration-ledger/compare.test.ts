import { describe, expect, it } from 'vitest';
import { compareLedger } from './compare.js';
import { ledgerProblem } from './problems.js';

const first = { filename: '001_a.sql', sha256: 'aa' };
const second = { filename: '002_b.sql', sha256: 'bb' };
const third = { filename: '003_c.sql', sha256: 'cc' };
const repeatable = { filename: 'current/x.sql', sha256: 'xx' };

const edited = <M extends object>(migration: M) => ({ ...migration, sha256: 'ee' });
const statesOf = (...parameters: Parameters<typeof compareLedger>) =>
	Object.fromEntries(compareLedger(...parameters).map(({ filename, state }) => [filename, state]));
const problemsOf = (...parameters: Parameters<typeof compareLedger>) =>
	compareLedger(...parameters).flatMap((compared) => ledgerProblem(compared) ?? []);

describe('a numbered file', () => {
	it('is applied, or pending after those that are, whatever the order of the rows', () => {
		expect(statesOf([first, second, third], [second, first])).toEqual({
			'001_a.sql': 'applied',
			'002_b.sql': 'applied',
			'003_c.sql': 'pending',
		});
	});

	it('is changed, missing, or new before one that is applied', () => {
		const compared = compareLedger([edited(first), second], [first, third]);
		expect(compared.map(({ state }) => state)).toEqual(['changed', 'out-of-order', 'missing']);
		expect(compared[0]).toMatchObject({ file: { sha256: 'ee' }, row: { sha256: 'aa' } });
		expect(compared[1]).toMatchObject({ file: second, row: undefined, newest: '003_c.sql' });
	});

	it('has its order within its directory', () => {
		const after = { filename: 'after-schema/001_u.sql', sha256: 'uu' };
		expect(statesOf([first, second, after], [first, after])['002_b.sql']).toBe('pending');
		expect(statesOf([first, after], [first])['after-schema/001_u.sql']).toBe('pending');
	});
});

describe('a repeatable file', () => {
	it('is pending when it is new or edited, and gone without its file', () => {
		expect(statesOf([repeatable], [])).toEqual({ 'current/x.sql': 'pending' });
		expect(statesOf([repeatable], [repeatable])).toEqual({ 'current/x.sql': 'applied' });
		expect(statesOf([edited(repeatable)], [repeatable])).toEqual({ 'current/x.sql': 'pending' });
		expect(statesOf([], [repeatable])).toEqual({ 'current/x.sql': 'gone' });
	});

	it('is pending again when something is missing that a file made; a numbered one is not', () => {
		expect(statesOf([first, repeatable], [first, repeatable], true)).toEqual({
			'001_a.sql': 'applied',
			'current/x.sql': 'pending',
		});
	});

	it('has no order: one may be new before others', () => {
		const earlier = { filename: 'current/a.sql', sha256: 'aa' };
		expect(statesOf([earlier, repeatable], [repeatable])['current/a.sql']).toBe('pending');
	});
});

describe('ledgerProblem', () => {
	it('finds nothing when image and ledger agree', () => {
		expect(problemsOf([first, second], [second, first])).toEqual([]);
	});

	it('names a changed file with both hashes', () => {
		const problems = problemsOf([first, edited(second)], [first, second]);

		expect(problems.map(({ code }) => code)).toEqual(['MIGRATION_CHANGED']);
		expect(problems[0]?.message).toMatch(/002_b\.sql.*bb.*ee.*never changes/);
	});

	it('takes an edited repeatable file for the work of another image, and one that is gone for nothing', () => {
		expect(problemsOf([edited(repeatable)], [repeatable])).toMatchObject([
			{ code: 'MIGRATION_CHANGED', message: expect.stringMatching(/another image has booted/) },
		]);
		expect(problemsOf([], [repeatable])).toEqual([]);
	});

	it('names a file that was not applied, in its order or out of it', () => {
		expect(problemsOf([first, second], [first])).toMatchObject([{ code: 'MIGRATION_NOT_APPLIED' }]);
		expect(problemsOf([first, second], [second])).toMatchObject([{ code: 'MIGRATION_NOT_APPLIED' }]);
		expect(problemsOf([repeatable], [])).toMatchObject([{ code: 'MIGRATION_NOT_APPLIED' }]);
	});

	it('takes a ledger row without a file for an image that is too old', () => {
		const problems = problemsOf([first], [first, second]);

		expect(problems).toMatchObject([{ code: 'MIGRATION_UNKNOWN' }]);
		expect(problems[0]?.message).toContain('older than the database');
	});

	it('reports every problem, in file order', () => {
		const problems = problemsOf([edited(first), { filename: 'after-schema/001_u.sql', sha256: 'uu' }], [first, second]);

		expect(problems.map(({ code }) => code)).toEqual([
			'MIGRATION_CHANGED',
			'MIGRATION_UNKNOWN',
			'MIGRATION_NOT_APPLIED',
		]);
	});
});
