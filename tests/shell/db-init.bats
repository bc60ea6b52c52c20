#!/usr/bin/env bats
# scripts/apply-db-init.sh: what it applies, refuses and reports.
# shellcheck disable=SC2016,SC2030,SC2031 # $$ is SQL here, and each @test is a subshell on purpose

load helpers

setup() {
	use_server "${TEST_PG_URL:?give the superuser URL of a Postgres for the tests}"
	create_database
	DIR="$BATS_TEST_TMPDIR/db-init"
	mkdir "$DIR"
}

teardown() {
	drop_database
}

three_migrations() {
	migration 001_a.sql 'CREATE TABLE a (id int);'
	migration 002_b.sql 'CREATE TABLE b (id int);'
	migration 003_c.sql 'CREATE TABLE c (id int);'
}

@test "applies every file once, in order, and says so in its last line" {
	three_migrations
	run -0 "$RUNNER" "$DIR"
	equal "${lines[-1]}" '[db-init] 3 applied, 0 skipped'
	[[ "${lines[0]}" =~ ^'[db-init] applied 001_a.sql ('[0-9]+' ms)'$ ]]
	run -0 "$RUNNER" "$DIR"
	equal "$output" '[db-init] 0 applied, 3 skipped'
	equal "$(query "SELECT string_agg(filename, ' ' ORDER BY applied_at) FROM trm.migration_ledger")" '001_a.sql 002_b.sql 003_c.sql'
}

@test "records hash, duration and runner version in the ledger" {
	migration 001_slow.sql 'SELECT pg_sleep(0.2);'
	run -0 "$RUNNER" "$DIR"
	equal "$(query 'SELECT sha256 FROM trm.migration_ledger')" "$(sha256 "$DIR/001_slow.sql")"
	equal "$(query "SELECT duration_ms BETWEEN 200 AND 5000 AND runner_version ~ '^\d+\.\d+\.\d+$' AND applied_at > now() - interval '1 minute' FROM trm.migration_ledger")" t
}

@test "applies the repository's own db-init, twice" {
	run -0 "$RUNNER" "$ROOT/db-init"
	run -0 "$RUNNER" "$ROOT/db-init"
	expect '[db-init] 0 applied, '
	equal "$(query "SELECT count(*) FROM pg_indexes WHERE tablename = 'positions' AND indexdef LIKE '%UNIQUE%(device_id, ts)%'")" 1
}

@test "a file that fails leaves nothing behind, and shows file, line and statement" {
	migration 001_a.sql 'CREATE TABLE a (id int);'
	migration 002_b.sql 'CREATE TABLE b (id int);' '' 'INSERT INTO' '	nowhere VALUES (1);' 'CREATE TABLE never (id int);'
	run -1 "$RUNNER" "$DIR"
	expect 'db-init/002_b.sql:4: ERROR:  relation "nowhere" does not exist'
	expect 'STATEMENT:  INSERT INTO'
	expect '002_b.sql failed (nothing of it was kept)'
	equal "$(query "SELECT coalesce(to_regclass('b')::text, 'no b') || (SELECT string_agg(filename, '') FROM trm.migration_ledger)")" 'no b001_a.sql'
	migration 002_b.sql 'CREATE TABLE b (id int);'
	run -0 "$RUNNER" "$DIR"
	equal "${lines[-1]}" '[db-init] 1 applied, 1 skipped'
}

@test "what fails only at commit is reported and not recorded" {
	migration 001_a.sql 'CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a DEFERRABLE INITIALLY DEFERRED);' 'INSERT INTO a VALUES (1, 2);'
	run -1 "$RUNNER" "$DIR"
	expect 'violates foreign key constraint'
	equal "$(query "SELECT coalesce(to_regclass('a')::text, '') || count(*) FROM trm.migration_ledger")" 0
}

@test "a no-transaction file may build an index concurrently" {
	migration 001_a.sql 'CREATE TABLE a (id int);'
	migration 002_index.sql '-- trm: no-transaction' 'CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);'
	run -0 "$RUNNER" "$DIR"
	equal "$(query "SELECT count(*) FROM pg_indexes WHERE indexname = 'a_id'")" 1
	equal "$(query 'SELECT count(*) FROM trm.migration_ledger')" 2
}

@test "a no-transaction file that fails keeps its earlier statements and runs again" {
	migration 001_a.sql '-- trm: no-transaction' 'CREATE TABLE IF NOT EXISTS a (id int);' 'SELECT 1/0;'
	run -1 "$RUNNER" "$DIR"
	expect 'statements before the failing one stay'
	equal "$(query "SELECT to_regclass('a') || ' ' || count(*) FROM trm.migration_ledger")" 'a 0'
	migration 001_a.sql '-- trm: no-transaction' 'CREATE TABLE IF NOT EXISTS a (id int);'
	run -0 "$RUNNER" "$DIR"
}

@test "refuses a changed file with both hashes and the remedy" {
	three_migrations
	"$RUNNER" "$DIR"
	local before after
	before="$(sha256 "$DIR/002_b.sql")"
	migration 002_b.sql 'CREATE TABLE tampered (id int);'
	migration 004_d.sql 'CREATE TABLE d (id int);'
	after="$(sha256 "$DIR/002_b.sql")"
	run -1 "$RUNNER" "$DIR"
	expect "002_b.sql was changed after it was applied: expected $before, found $after; remedy: restore the file"
	equal "$(query "SELECT coalesce(to_regclass('d')::text, 'no d')")" 'no d'
	run -1 "$RUNNER" --dry-run "$DIR"
	expect '002_b.sql was changed'
}

@test "refuses when the ledger knows a file that the image lacks" {
	three_migrations
	"$RUNNER" "$DIR"
	local hash
	hash="$(sha256 "$DIR/003_c.sql")"
	rm "$DIR/003_c.sql"
	run -1 "$RUNNER" "$DIR"
	expect "003_c.sql is applied but not in $DIR: expected $hash, found no file; remedy: this image is older than the database"
}

@test "refuses a new file that sorts before an applied one" {
	migration 001_a.sql 'SELECT 1;'
	migration 003_c.sql 'SELECT 1;'
	"$RUNNER" "$DIR"
	migration 002_b.sql 'SELECT 1;'
	run -1 "$RUNNER" "$DIR"
	expect "002_b.sql is new but sorts before 003_c.sql, which is applied: expected no such file, found $(sha256 "$DIR/002_b.sql"); remedy: give it the next free number"
}

@test "names every problem in one run" {
	three_migrations
	"$RUNNER" "$DIR"
	migration 002_b.sql 'SELECT 2;'
	rm "$DIR/001_a.sql"
	run -1 "$RUNNER" "$DIR"
	expect '002_b.sql was changed'
	expect '001_a.sql is applied but not in'
	expect '2 problem(s), nothing was applied'
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

@test "what one file sets does not reach the next" {
	migration 001_a.sql "SET search_path = ''; SET statement_timeout = '10ms'; CREATE ROLE trm_bats_$$; SET SESSION AUTHORIZATION trm_bats_$$; RESET SESSION AUTHORIZATION; DROP ROLE trm_bats_$$;"
	migration 002_b.sql 'SELECT pg_sleep(0.1);' 'CREATE TABLE b (id int);'
	run -0 "$RUNNER" "$DIR"
	equal "$(query "SELECT to_regclass('public.b')")" b
}

@test "a temporary table of one file is not there for the next" {
	migration 001_a.sql 'CREATE TEMPORARY TABLE scratch (id int);'
	migration 002_b.sql 'CREATE TABLE b (id int);' 'CREATE TEMPORARY TABLE scratch (name text);'
	run -0 "$RUNNER" "$DIR"
	migration 003_c.sql 'SELECT * FROM scratch;'
	run -1 "$RUNNER" "$DIR"
	expect 'relation "scratch" does not exist'
}

@test "a role's own timeouts do not cut a migration" {
	query "ALTER DATABASE $DB_DATABASE SET statement_timeout = '50ms'"
	migration 001_a.sql 'SELECT pg_sleep(0.3);'
	run -0 "$RUNNER" "$DIR"
}

@test "after-schema/ has the same ledger under its own prefix" {
	three_migrations
	mkdir "$DIR/after-schema"
	printf 'CREATE INDEX a_id ON a (id);\n' >"$DIR/after-schema/001_index.sql"
	run -0 "$RUNNER" "$DIR"
	equal "${lines[-1]}" '[db-init] 3 applied, 0 skipped'
	run -0 "$RUNNER" "$DIR/after-schema/"
	equal "${lines[-1]}" '[db-init] 1 applied, 0 skipped'
	run -0 "$RUNNER" "$DIR"
	equal "$output" '[db-init] 0 applied, 3 skipped'
	equal "$(query "SELECT count(*) FROM trm.migration_ledger WHERE filename = 'after-schema/001_index.sql'")" 1
	rm "$DIR/after-schema/001_index.sql"
	run -1 "$RUNNER" "$DIR/after-schema"
	expect 'after-schema/001_index.sql is applied but not in'
}

@test "--dry-run lists what would run and writes nothing" {
	three_migrations
	migration 003_c.sql '-- trm: no-transaction' 'SELECT 1;'
	run -0 "$RUNNER" --dry-run "$DIR"
	equal "${lines[0]}" "[db-init] would apply 001_a.sql (transaction, sha256 $(sha256 "$DIR/001_a.sql"))"
	expect 'would apply 003_c.sql (no-transaction'
	equal "${lines[-1]}" '[db-init] dry run: 3 pending, 0 applied'
	equal "$(query "SELECT coalesce(to_regnamespace('trm')::text, 'none') || coalesce(to_regclass('a')::text, 'none')")" nonenone
}

@test "a database that takes no writes can be asked what is pending and what was applied" {
	three_migrations
	"$RUNNER" "$DIR"
	migration 004_d.sql 'SELECT 4;'
	query "ALTER DATABASE $DB_DATABASE SET default_transaction_read_only = on"
	run -0 "$RUNNER" --dry-run "$DIR"
	equal "${lines[-1]}" '[db-init] dry run: 1 pending, 3 applied'
	run -0 "$RUNNER" --status "$DIR"
	[[ "$output" =~ 004_d.sql\ +pending ]]
	rm "$DIR/004_d.sql"
	run -0 "$RUNNER" "$DIR"
	equal "$output" '[db-init] 0 applied, 3 skipped'
}

@test "--status --json gives the ledger against the files" {
	three_migrations
	"$RUNNER" "$DIR"
	migration 002_b.sql 'SELECT 2;'
	rm "$DIR/001_a.sql"
	migration 004_d.sql 'SELECT 4;'
	"$RUNNER" --status --json "$DIR" >"$BATS_TEST_TMPDIR/status.json"
	jq -e --arg hash "$(sha256 "$DIR/002_b.sql")" '
		.ok == false and .applied == 1 and .pending == 1 and .problems == 2
		and (.files | map({(.filename): .state}) | add) == {"001_a.sql": "missing", "002_b.sql": "changed", "003_c.sql": "applied", "004_d.sql": "pending"}
		and .files[0].found_sha256 == null and .files[1].found_sha256 == $hash and .files[1].expected_sha256 != $hash
		and (.files[2].applied_at | test("^\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z$")) and .files[2].runner_version != null and .files[3].applied_at == null
	' "$BATS_TEST_TMPDIR/status.json"
	run -0 "$RUNNER" --status "$DIR"
	[[ "$output" =~ 002_b.sql\ +changed ]]
}

@test "--status --json works before the first run, and on a directory with a quote in its name" {
	mkdir "$BATS_TEST_TMPDIR/it's"
	DIR="$BATS_TEST_TMPDIR/it's"
	migration 001_a.sql 'SELECT 1;'
	"$RUNNER" --status --json "$DIR" | jq -e '.ok and .pending == 1 and (.directory | endswith("it'\''s"))'
	run -0 "$RUNNER" "$DIR"
}

@test "wrong usage exits 2, a missing directory or variable 78" {
	run -2 "$RUNNER" --nonsense
	run -2 "$RUNNER" --json "$DIR"
	run -2 "$RUNNER" --dry-run --status "$DIR"
	run -78 "$RUNNER" "$DIR/nowhere"
	expect 'no directory'
	DB_WAIT_TIMEOUT=soon run -78 "$RUNNER" "$DIR"
	run -78 env -u DB_HOST -u DB_USER "$RUNNER" "$DIR"
	expect 'required variables are missing: DB_HOST DB_USER'
}

@test "gives up on an absent Postgres after DB_WAIT_TIMEOUT, saying what it waited for" {
	export DB_PORT DB_WAIT_TIMEOUT=1
	local port
	port="$(free_port)"
	DB_PORT=$port run -69 "$RUNNER" "$DIR"
	expect "waiting up to 1 s for Postgres at $DB_HOST:$port/$DB_DATABASE"
	expect 'Connection refused'
	expect 'raise DB_WAIT_TIMEOUT'
}

@test "a missing database or role fails at once instead of waiting" {
	SECONDS=0
	DB_DATABASE=trm_bats_none run -78 "$RUNNER" "$DIR"
	expect 'database "trm_bats_none" does not exist'
	DB_USER=trm_bats_nobody run -78 "$RUNNER" "$DIR"
	expect 'DB_USER and DB_PASSWORD'
	((SECONDS < 10))
}

@test "takes the password from DB_PASSWORD_FILE" {
	local password="$DB_PASSWORD"
	printf '%s\n' "$password" >"$BATS_TEST_TMPDIR/password"
	unset DB_PASSWORD
	migration 001_a.sql 'SELECT 1;'
	DB_PASSWORD_FILE="$BATS_TEST_TMPDIR/password" run -0 "$RUNNER" "$DIR"
	DB_PASSWORD_FILE="$BATS_TEST_TMPDIR/none" run -78 "$RUNNER" "$DIR"
	expect "DB_PASSWORD_FILE: cannot read the file $BATS_TEST_TMPDIR/none"
	DB_PASSWORD="$password"
}
