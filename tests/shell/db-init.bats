#!/usr/bin/env bats
# scripts/apply-db-init.sh: what it applies and records, and what it refuses because of what was applied before.
# shellcheck disable=SC2016,SC2030,SC2031 # $$ is SQL here, and each @test is a subshell on purpose

load helpers
load db-init-helpers

setup() {
	prepare_runner
}

teardown() {
	drop_database
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

@test "what one file sets does not reach the next" {
	migration 001_a.sql "SET search_path = ''; CREATE ROLE trm_bats_$$; SET SESSION AUTHORIZATION trm_bats_$$; RESET SESSION AUTHORIZATION; DROP ROLE trm_bats_$$; SET statement_timeout = '200ms';"
	migration 002_b.sql 'SELECT pg_sleep(0.6);' 'CREATE TABLE b (id int);'
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

# repeatable NAME SQL… writes a file into current/.
repeatable() {
	mkdir -p "$DIR/current"
	printf '%s\n' "${@:2}" >"$DIR/current/$1"
}

@test "current/ is applied in the order of names, and again where a file was edited" {
	repeatable b-answer.sql 'CREATE OR REPLACE FUNCTION trm.answer() RETURNS integer LANGUAGE sql AS $$ SELECT trm.half() * 2 $$;'
	repeatable a-half.sql 'CREATE OR REPLACE FUNCTION trm.half() RETURNS integer LANGUAGE sql AS $$ SELECT 21 $$;'
	run -0 "$RUNNER" "$DIR/current"
	expect '[db-init] applied current/a-half.sql'
	equal "${lines[-1]}" '[db-init] 2 applied, 0 skipped'
	equal "$(query 'SELECT trm.answer()')" 42

	repeatable a-half.sql 'CREATE OR REPLACE FUNCTION trm.half() RETURNS integer LANGUAGE sql AS $$ SELECT 3 $$;'
	run -0 "$RUNNER" --dry-run "$DIR/current"
	expect 'would apply current/a-half.sql (repeatable'
	run -0 "$RUNNER" "$DIR/current"
	equal "${lines[-1]}" '[db-init] 1 applied, 1 skipped'
	equal "$(query 'SELECT trm.answer()')" 6
	equal "$(query "SELECT kind, sha256 FROM trm.migration_ledger WHERE filename = 'current/a-half.sql'")" \
		"repeatable|$(sha256 "$DIR/current/a-half.sql")"
}

@test "what is gone of what a file made is made again by current/, all of it" {
	migration 001_a.sql 'CREATE TABLE a (id int CONSTRAINT a_positive CHECK (id > 0));'
	repeatable guard.sql 'CREATE OR REPLACE FUNCTION trm.guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;' \
		'CREATE OR REPLACE TRIGGER trm_guard AFTER INSERT ON public.a FOR EACH ROW EXECUTE FUNCTION trm.guard();'
	run -0 "$RUNNER" "$DIR"
	run -0 "$RUNNER" "$DIR/current"
	equal "$(query "SELECT string_agg(concat_ws(' ', kind, name, on_table, file), ', ' ORDER BY kind) FROM trm.made_objects")" \
		'constraint a_positive a 001_a.sql, function guard()  current/guard.sql, trigger trm_guard a current/guard.sql'

	query 'DROP TRIGGER trm_guard ON a; ALTER TABLE a DROP CONSTRAINT a_positive'
	equal "$(query "SELECT string_agg(name, ' ' ORDER BY name) FROM trm.missing_objects")" 'a_positive trm_guard'
	run -0 "$RUNNER" "$DIR/current"
	equal "${lines[-1]}" '[db-init] 1 applied, 0 skipped'
	equal "$(query "SELECT string_agg(name, ' ') FROM trm.missing_objects")" a_positive

	# A file that removes something takes it off the list.
	migration 002_free.sql 'ALTER TABLE a DROP CONSTRAINT IF EXISTS a_positive; DROP TRIGGER trm_guard ON a;'
	query 'ALTER TABLE a ADD CONSTRAINT a_positive CHECK (id > 0)'
	run -0 "$RUNNER" "$DIR"
	equal "$(query 'SELECT count(*) FROM trm.missing_objects')" 0
}

@test "a repeatable file that goes away is named, and what it made stays" {
	repeatable answer.sql 'CREATE OR REPLACE FUNCTION trm.answer() RETURNS integer LANGUAGE sql AS $$ SELECT 42 $$;'
	repeatable other.sql 'SELECT 1;'
	run -0 "$RUNNER" "$DIR/current"
	rm "$DIR/current/answer.sql"
	run -0 "$RUNNER" "$DIR/current"
	expect 'warning: current/answer.sql is applied but not in'
	equal "$(query 'SELECT trm.answer()')" 42
	run -0 "$RUNNER" --status --json "$DIR/current"
	expect '"ok" : true'
}

@test "current/ takes no numbered names, and the other directories no others" {
	repeatable 001_a.sql 'SELECT 1;'
	run -1 "$RUNNER" "$DIR/current"
	expect 'current/001_a.sql: not the name of a repeatable file'
	migration what-it-does.sql 'SELECT 1;'
	run -1 "$RUNNER" "$DIR"
	expect "what-it-does.sql: not a migration's name"
}

@test "a database from before the baseline is refused, with what to do" {
	query 'CREATE SCHEMA trm; CREATE TABLE trm.migration_ledger (filename text PRIMARY KEY, sha256 text, applied_at timestamptz)'
	three_migrations
	run -1 "$RUNNER" "$DIR"
	expect 'this database was booted by an image from before the baseline'
	expect 'npm run reset'
	equal "$(query "SELECT to_regclass('a')")" ''
}
