import { describe, expect, it } from 'vitest';
import { compareLedger } from './compare.js';

const first = { filename: '001_a.sql', sha256: 'aa' };
const second = { filename: '002_b.sql', sha256: 'bb' };

describe('compareLedger', () => {
	it('finds nothing when image and ledger agree, whatever their order', () => {
		expect(compareLedger([first, second], [second, first])).toEqual([]);
	});

	it('names a changed file with both hashes', () => {
		const problems = compareLedger([first, { ...second, sha256: 'cc' }], [first, second]);

		expect(problems.map(({ code }) => code)).toEqual(['MIGRATION_CHANGED']);
		expect(problems[0]?.message).toMatch(/002_b\.sql.*bb.*cc/);
	});

	it('names a file that was not applied', () => {
		expect(compareLedger([first, second], [first])).toMatchObject([{ code: 'MIGRATION_NOT_APPLIED' }]);
	});

	it('takes a ledger row without a file for an image that is too old', () => {
		const problems = compareLedger([first], [first, second]);

		expect(problems).toMatchObject([{ code: 'MIGRATION_UNKNOWN' }]);
		expect(problems[0]?.message).toContain('older than the database');
	});

	it('reports every problem, in file order', () => {
		const problems = compareLedger(
			[
				{ ...first, sha256: 'xx' },
				{ filename: 'after-schema/001_u.sql', sha256: 'uu' },
			],
			[first, second],
		);

		expect(problems.map(({ code }) => code)).toEqual([
			'MIGRATION_CHANGED',
			'MIGRATION_UNKNOWN',
			'MIGRATION_NOT_APPLIED',
		]);
	});
});
