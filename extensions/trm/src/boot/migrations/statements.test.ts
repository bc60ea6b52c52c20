import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStatements } from './statements.js';

const root = join(import.meta.dirname, '../../../../..');

/** `3: COMMIT` for each problem, without its remedy. */
const problemsOf = async (...lines: string[]) =>
	(await readStatements(lines.join('\n'))).problems.map(
		({ line, what }) => `${line}: ${what.replace(/ does not belong.*|; remedy.*/, '')}`,
	);

describe('readStatements', () => {
	it('splits a file, without semicolons and the comments before statements, at characters of any size', async () => {
		const text = "-- é; ü\nSELECT 'ö;' ;\n\n/* ; */ SELECT $$;\n$$\n;; -- end\nDO $x$ BEGIN PERFORM 1; END $x$";
		expect((await readStatements(text)).statements).toEqual([
			{ line: 2, text: "SELECT 'ö;'" },
			{ line: 4, text: 'SELECT $$;\n$$' },
			{ line: 7, text: 'DO $x$ BEGIN PERFORM 1; END $x$' },
		]);
	});

	it.each(['', '\n', '-- a comment', '/* another */', ';'])('finds nothing in %j', async (text) => {
		expect(await readStatements(text)).toEqual({ statements: [], problems: [] });
	});

	it('refuses transaction control at the top level, with its line', async () => {
		expect(await problemsOf('/* /* COMMIT; */ */', 'CREATE TABLE a (id int);', 'commit ;')).toEqual(['3: COMMIT']);
		expect(await problemsOf('begin transaction;', "SELECT 'ROLLBACK;';", '-- COMMIT;', 'Rollback', ';')).toEqual([
			'1: BEGIN TRANSACTION',
			'4: ROLLBACK',
		]);
		expect(await problemsOf("SELECT 1; START TRANSACTION; PREPARE TRANSACTION 'x'; END")).toEqual([
			'1: START TRANSACTION',
			'1: PREPARE TRANSACTION',
			'1: END',
		]);
		expect(
			await problemsOf(
				"ABORT; COMMIT PREPARED 'x'; ROLLBACK PREPARED 'x'; COMMIT AND CHAIN; ROLLBACK /* x */ AND CHAIN;",
			),
		).toEqual(['1: ABORT', '1: COMMIT PREPARED', '1: ROLLBACK PREPARED', '1: COMMIT AND', '1: ROLLBACK']);
	});

	it('allows the same words in function bodies, strings, names and savepoints', async () => {
		const text = String.raw`
			CREATE TABLE a (id int, "COMMIT;" text, note text DEFAULT 'it''s; ROLLBACK; \');
			CREATE FUNCTION f(n int) RETURNS text LANGUAGE plpgsql AS $body$
			BEGIN
				IF n = 1 THEN RETURN $$COMMIT;$$; END IF;
				RETURN E'a\'; COMMIT; --';
			END;
			$body$;
			CREATE FUNCTION g(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN n > 1 THEN 1 ELSE 2 END; SELECT 3; END;
			CREATE RULE r AS ON INSERT TO a DO ALSO (SELECT 1; SELECT 2);
			SAVEPOINT s; ROLLBACK TO SAVEPOINT s; SAVEPOINT t; ROLLBACK WORK TO t; RELEASE t;
			PREPARE p AS SELECT 1;
			SELECT E'\\'; -- ; COMMIT;`;
		expect(await problemsOf(text)).toEqual([]);
	});

	it.each([
		[String.raw`SELECT E'a''b\'c'; COMMIT;`],
		[String.raw`SELECT 'a''\'; COMMIT; SELECT '';`],
		[String.raw`SELECT E'a', '\'; COMMIT; SELECT '';`],
	])('keeps step with quotes: %s', async (text) => {
		expect(await problemsOf(text)).toEqual(['1: COMMIT']);
	});

	it.each([
		[['\\connect postgres'], ['1: \\connect']],
		[
			['SELECT 1;', "COMMIT; SELECT 'é' \\gset x"],
			['2: COMMIT', '2: \\gset'],
		],
		[['\\i other.sql', 'COMMIT;'], ['1: \\i']],
	])('refuses commands of psql: %j', async (lines, found) => {
		expect(await problemsOf(...lines)).toEqual(found);
	});

	it('refuses the data lines of COPY, with or without any, and takes other COPYs', async () => {
		const refused = '2: COPY … FROM STDIN';
		expect(await problemsOf('CREATE TABLE a (n int);', 'COPY a FROM STDIN;', '1', '\\.', 'SELECT 1;')).toEqual([
			refused,
		]);
		expect(await problemsOf('', 'copy a (n) from stdin with csv')).toEqual([refused]);
		expect(await problemsOf("COPY a TO STDOUT; COPY a FROM '/tmp/a'; COPY a FROM PROGRAM 'cat';")).toEqual([]);
	});

	it.each([
		["SELECT 'text", '1: unterminated quoted string at or near "\'text"'],
		['/* comment', '1: unterminated /* comment at or near "/* comment"'],
		['SELECT 1;\nSELECT $$text', '2: unterminated dollar-quoted string at or near "$$text"'],
		['SELECT (1', '1: syntax error at end of input'],
		["SELECT '😀é';\n\nCREATE TABL a ();", '3: syntax error at or near "TABL"'],
		['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC', '1: syntax error at end of input'],
	])('names what is no SQL: %j', async (text, problem) => {
		expect(await problemsOf(text)).toEqual([problem]);
	});

	it('survives what is too deep for the parser, and reads on afterwards', async () => {
		expect(await problemsOf(`SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)}`)).toHaveLength(1);
		expect(await problemsOf('SELECT 1; COMMIT')).toEqual(['1: COMMIT']);
	});

	it('takes all of db-init/', async () => {
		const names = readdirSync(join(root, 'db-init'), { recursive: true, encoding: 'utf8' }).filter((name) =>
			name.endsWith('.sql'),
		);
		expect(names.length).toBeGreaterThan(10);

		for (const name of names) {
			const { statements, problems } = await readStatements(readFileSync(join(root, 'db-init', name), 'utf8'));
			expect(problems, name).toEqual([]);
			expect(statements.length, name).toBeGreaterThan(0);
		}
	});
});
