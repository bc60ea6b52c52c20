import { describe, expect, it } from 'vitest';
import { kindOf, problemOfBytes, problemOfName, problemOfOptions, sharedNumbers } from './check-file.js';

describe('problemOfName', () => {
	it.each(['001_a.sql', 'after-schema/999_What_it-does.sql', 'current/position-flags.sql'])('takes %s', (name) => {
		expect(problemOfName(name)).toBeUndefined();
	});

	it.each([
		'1_a.sql',
		'0001_a.sql',
		'001.sql',
		"001_it's.sql",
		'001_ä.sql',
		'001_a b.sql',
		'what-it-does.sql',
		'001_a\n.sql',
	])('refuses %j', (name) =>
		expect(problemOfName(name)).toMatch(/not a migration's name; remedy: call it NNN_what_it_does\.sql/),
	);

	it.each(['current/001_a.sql', 'current/Flags.sql', 'current/a_b.sql'])('refuses %s', (name) => {
		expect(problemOfName(name)).toMatch(/not the name of a repeatable file; remedy: /);
	});
});

describe('sharedNumbers', () => {
	it('names the later of two files with one number; repeatable files have none', () => {
		expect(sharedNumbers(['002_b.sql', '002_c.sql', '003_d.sql'])).toEqual([
			'002_c.sql: has the same number as 002_b.sql; remedy: give the newer one the next free number',
		]);
		expect(sharedNumbers(['current/abc-a.sql', 'current/abc-b.sql'])).toEqual([]);
	});
});

describe('problemOfBytes', () => {
	const problemOf = (...bytes: number[]) =>
		problemOfBytes({ filename: '001_a.sql', sha256: '', content: Buffer.from(bytes) });
	const remedy = '; remedy: save it as UTF-8 without a byte order mark';

	it('takes UTF-8, and no bytes at all', () => {
		expect(problemOf(...Buffer.from("SELECT 'Ünïcödé 😀';"))).toBeUndefined();
		expect(problemOf()).toBeUndefined();
	});

	it('refuses a byte order mark, NUL bytes, UTF-16 and Latin-1', () => {
		expect(problemOf(0xef, 0xbb, 0xbf, 0x2d)).toBe(`001_a.sql: begins with a byte order mark${remedy}`);
		expect(problemOf(0x2d, 0x00)).toBe(`001_a.sql: holds NUL bytes (UTF-16?)${remedy}`);
		expect(problemOf(0xff, 0xfe, 0x2d, 0x00)).toBe(`001_a.sql: holds NUL bytes (UTF-16?)${remedy}`);
		expect(problemOf(0x2d, 0xe9, 0x2d)).toBe(`001_a.sql: is not UTF-8${remedy}`);
	});
});

describe('the option in the first line', () => {
	it.each([
		'-- trm: no-transaction\nSELECT 1;',
		'-- trm: no-transaction \n-- trm.state and no-transaction are words',
		'-- trm: no-transaction',
	])('is read: %j', (text) => {
		expect(kindOf('001_a.sql', text)).toBe('no-transaction');
		expect(problemOfOptions('001_a.sql', text)).toBeUndefined();
	});

	it.each([
		'-- trm.state: a comment',
		'-- an index without one\nSELECT 1; -- no-transaction',
		"SELECT 'trm: no-transaction';",
	])('is not meant: %j', (text) => {
		expect(kindOf('001_a.sql', text)).toBe('transaction');
		expect(problemOfOptions('001_a.sql', text)).toBeUndefined();
	});

	it.each([
		['--trm: no-transaction\nSELECT 1;', 1],
		['-- TRM : No-Transaction', 1],
		['-- trm: no-transactions', 1],
		['-- an index\n-- trm: no-transaction', 2],
		['-- no-transaction', 1],
		['/* trm: no-transaction */', 1],
		['-- trm: no-transaction\n-- trm: quickly', 2],
	])('has a slip in it or is elsewhere: %j', (text, line) => {
		expect(problemOfOptions('001_a.sql', text)).toMatch(
			new RegExp(`^001_a\\.sql:${line}: not an option of the runner: (--|/\\*).*; remedy: make the first line exactly`),
		);
	});

	it('is none of a repeatable file', () => {
		expect(kindOf('current/a.sql', '-- trm: no-transaction')).toBe('repeatable');
		expect(problemOfOptions('current/a.sql', '-- trm: no-transaction')).toMatch(/not an option/);
	});
});
