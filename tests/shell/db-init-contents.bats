#!/usr/bin/env bats
# scripts/apply-db-init.sh: which names, bytes, options and statements it takes in a file.
# shellcheck disable=SC2016,SC2030,SC2031 # $$ is SQL here, and each @test is a subshell on purpose

load helpers
load db-init-helpers

setup() {
	prepare_runner
}

teardown() {
	drop_database
}

@test "line endings do not change a file's hash" {
	printf 'CREATE TABLE a (id int);\nCOMMENT ON TABLE a IS $$two\nlines$$;\n' >"$DIR/001_a.sql"
	run -0 "$RUNNER" "$DIR"
	sed -i 's/$/\r/' "$DIR/001_a.sql"
	run -0 "$RUNNER" "$DIR"
	equal "$output" '[db-init] 0 applied, 1 skipped'
}

@test "a file with CRLF runs as if it had none, its first-line option included" {
	printf -- '-- trm: no-transaction\r\nCREATE TABLE a (id int);\r\nCOMMENT ON TABLE a IS $$two\r\nlines$$;\r\nCREATE INDEX CONCURRENTLY a_id ON a (id);\r\n' >"$DIR/001_a.sql"
	run -0 "$RUNNER" "$DIR"
	equal "$(query "SELECT position(E'\r' IN obj_description('a'::regclass))")" 0
}

@test "refuses NUL bytes, UTF-16 and a byte order mark, which psql or the option would not survive" {
	printf 'SELECT 1;\000CREATE TABLE never (id int);\n' >"$DIR/001_nul.sql"
	printf '\377\376C\000R\000E\000A\000T\000E\000\n\000' >"$DIR/002_utf16.sql"
	printf '\357\273\277-- trm: no-transaction\nSELECT 1;\n' >"$DIR/003_bom.sql"
	migration 004_fine.sql "SELECT 'Ünïcödé';"
	run -1 "$RUNNER" "$DIR"
	expect '001_nul.sql: holds NUL bytes (UTF-16?); remedy: save it as UTF-8'
	expect '002_utf16.sql: holds NUL bytes'
	expect '003_bom.sql: begins with a byte order mark; remedy: save it as UTF-8'
	reject '004_fine.sql'
	reject warning
	equal "$(query "SELECT coalesce(to_regclass('trm.migration_ledger')::text, 'no ledger')")" 'no ledger'
}

@test "refuses an option with a slip in it, or on another line than the first" {
	migration 001_a.sql '--trm: no-transaction' 'SELECT 1;'
	migration 002_b.sql '-- TRM : No-Transaction' 'SELECT 1;'
	migration 003_c.sql '-- trm: no-transactions' 'SELECT 1;'
	migration 004_d.sql '-- an index' '-- trm: no-transaction' 'SELECT 1;'
	migration 005_e.sql '-- no-transaction' 'SELECT 1;'
	migration 006_fine.sql '-- trm: no-transaction ' '-- trm.state and no-transaction are words' 'SELECT 1;'
	migration 007_fine.sql '-- trm.state: a comment' 'SELECT 1;'
	run -1 "$RUNNER" "$DIR"
	expect '001_a.sql:1: not an option of the runner: --trm: no-transaction; remedy'
	expect '004_d.sql:2: not an option'
	equal "$(grep -c 'not an option of the runner' <<<"$output")" 5
	reject fine
}

@test "refuses names without three digits, and two files with one number" {
	migration 1_a.sql 'SELECT 1;'
	migration 002_b.sql 'SELECT 1;'
	migration 002_c.sql 'SELECT 1;'
	migration README.md 'not a migration'
	run -1 "$RUNNER" "$DIR"
	expect "1_a.sql: not a migration's name"
	expect '002_c.sql: has the same number as 002_b.sql'
	reject README
	equal "$(query "SELECT coalesce(to_regclass('trm.migration_ledger')::text, 'no ledger')")" 'no ledger'
}

@test "refuses transaction control and psql commands at the top level, with file and line" {
	migration 001_a.sql '/* /* COMMIT; */ */' 'CREATE TABLE a (id int);' 'commit ;'
	migration 002_b.sql 'begin transaction;' "SELECT 'ROLLBACK;';" '-- COMMIT;' 'Rollback' ';'
	migration 003_c.sql '\connect postgres'
	migration 004_d.sql 'SELECT 1; START TRANSACTION; PREPARE TRANSACTION '\''x'\''; END'
	run -1 "$RUNNER" "$DIR"
	expect '001_a.sql:3: COMMIT does not belong'
	expect '002_b.sql:1: BEGIN TRANSACTION does not belong'
	expect '002_b.sql:4: ROLLBACK does not belong'
	expect '003_c.sql:1: \connect does not belong'
	expect '004_d.sql:1: START TRANSACTION does not belong'
	expect '004_d.sql:1: PREPARE TRANSACTION does not belong'
	expect '004_d.sql:1: END does not belong'
	equal "$(grep -c 'does not belong' <<<"$output")" 7
}

@test "what one file leaves open hides nothing in the next" {
	local open
	for open in "SELECT 'text" 'SELECT "name' '/* comment' 'SELECT $$text' 'SELECT (1' 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC'; do
		migration 001_a.sql "$open"
		migration 002_b.sql 'COMMIT;'
		run -1 "$RUNNER" "$DIR"
		equal "${lines[0]%%;*}" '[db-init] error: 002_b.sql:1: COMMIT does not belong in a migration'
	done
}

@test "allows the same words in function bodies, strings, names and savepoints" {
	cat >"$DIR/001_a.sql" <<-'SQL'
		CREATE TABLE a (id int, "COMMIT;" text, note text DEFAULT 'it''s; ROLLBACK; \');
		DO $$ BEGIN PERFORM 1; END $$;
		CREATE FUNCTION f(n int) RETURNS text LANGUAGE plpgsql AS $body$
		BEGIN
			IF n = 1 THEN RETURN $$COMMIT;$$; END IF;
			RETURN E'a\'; COMMIT; --';
		END;
		$body$;
		CREATE FUNCTION g(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN n > 1 THEN 1 ELSE 2 END; SELECT 3; END;
		CREATE RULE r AS ON INSERT TO a DO ALSO (SELECT 1; SELECT 2);
		SAVEPOINT s; ROLLBACK TO SAVEPOINT s; SAVEPOINT t; ROLLBACK WORK TO t;
		PREPARE p AS SELECT 1;
		SELECT E'\\'; -- ; COMMIT;
	SQL
	run -0 "$RUNNER" "$DIR"
	equal "${lines[-1]}" '[db-init] 1 applied, 0 skipped'
}

@test "keeps step with doubled quotes, escapes and strings over several lines" {
	migration 001_a.sql "SELECT E'it''s a \\'q\\'';" "SELECT E'a', 'c\\', 'd''; COMMIT;';" "SELECT 'a'" "'\\', 1;" "SELECT 'two" "lines''; COMMIT;', E'end of line\\" "'; "
	run -0 "$RUNNER" "$DIR"
	migration 002_b.sql "SELECT E'a''b\\'c'); COMMIT;"
	migration 003_c.sql "SELECT 'a''\\'; COMMIT; SELECT '';"
	migration 004_d.sql "SELECT E'a', '\\'; COMMIT; SELECT '';"
	run -1 "$RUNNER" "$DIR"
	expect '002_b.sql:1: COMMIT does not belong'
	expect '003_c.sql:1: COMMIT does not belong'
	expect '004_d.sql:1: COMMIT does not belong'
}

@test "a file that ends the transaction in a way nobody foresaw is not recorded, and the run says so" {
	migration 001_a.sql 'CREATE TABLE a (id int);' 'SET standard_conforming_strings = off;' "SELECT '\\'' ; COMMIT; --'" 'CREATE TABLE b (id int);'
	migration 002_b.sql 'CREATE TABLE c (id int);'
	run -1 "$RUNNER" "$DIR"
	expect "001_a.sql ended the runner's transaction, so it is not recorded"
	reject 'applied 00'
	equal "$(query "SELECT count(*) || coalesce(to_regclass('c')::text, ' no c') FROM trm.migration_ledger")" '0 no c'
}
