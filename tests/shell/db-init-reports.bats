#!/usr/bin/env bats
# scripts/apply-db-init.sh: what is pending and what was applied, its arguments, and how it reaches Postgres.
# shellcheck disable=SC2016,SC2030,SC2031 # $$ is SQL here, and each @test is a subshell on purpose

load helpers
load db-init-helpers

setup() {
	prepare_runner
}

teardown() {
	drop_database
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
	export DB_PORT DB_WAIT_TIMEOUT=5
	local port
	port="$(free_port)"
	DB_PORT=$port run -69 "$RUNNER" "$DIR"
	expect "waiting up to 5 s for Postgres at $DB_HOST:$port/$DB_DATABASE"
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
