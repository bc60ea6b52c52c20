#!/usr/bin/env bats
# entrypoint.sh: its arguments, steps that fail, and the guard around the first bootstrap. The whole boot is in boot.bats.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # $0 is for the inner shell; each @test is a subshell; output comes from bats

load helpers
load entrypoint-helpers

setup() {
	prepare_boot
}

teardown() {
	drop_database
}

@test "with arguments it runs them instead of the boot" {
	run -3 "$ENTRYPOINT" sh -c 'echo "just $0"; exit 3' this
	equal "$output" 'just this'
	migration 001_a.sql 'SELECT 1;'
	run -0 "$ENTRYPOINT" db-init --dry-run
	expect '[db-init] would apply 001_a.sql'
	run -0 "$ENTRYPOINT" db-init "$DIR"
	expect '[db-init] 1 applied, 0 skipped'
	SNAPSHOT_PATH=/nowhere run -0 "$ENTRYPOINT" schema-apply
	expect 'no snapshot at /nowhere (absent or empty): skipped'
	run -0 "$ENTRYPOINT" schema-snapshot --help
	expect 'Usage: trm schema snapshot'
	run -0 "$ENTRYPOINT" config --help
	expect 'Usage: trm config'
	run -64 "$ENTRYPOINT" trm config apply --everything
	expect "unknown option '--everything'"
}

@test "a snapshot that is there but cannot be read is an error, not a skipped step" {
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR" run -78 "$ENTRYPOINT" schema-apply
	expect "$BATS_TEST_TMPDIR is not a file that user"
	expect 'remedy: check SNAPSHOT_PATH'
	SETTINGS_PATH="$BATS_TEST_TMPDIR" SNAPSHOT_PATH=/nowhere run -78 "$ENTRYPOINT" schema-apply
	expect 'remedy: check SETTINGS_PATH'
	ACCESS_PATH="$BATS_TEST_TMPDIR" SNAPSHOT_PATH=/nowhere run -78 "$ENTRYPOINT" schema-apply
	expect 'remedy: check ACCESS_PATH'
	ACCESS_PATH="$BATS_TEST_TMPDIR" run -78 "$ENTRYPOINT" config diff
	expect 'remedy: check ACCESS_PATH'
	ln -s /nowhere "$BATS_TEST_TMPDIR/dangling"
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR/dangling" run -78 "$ENTRYPOINT" schema-apply
	: >"$BATS_TEST_TMPDIR/empty"
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR/empty" run -0 "$ENTRYPOINT" schema-apply
	# Root reads everything, so another user tries, with a copy that lies where it may look.
	local copy
	copy="$(mktemp -d /tmp/trm-bats-scripts.XXXXXX)"
	copy_command_line "$copy"
	echo 'version: 1' >"$copy/schema.yaml"
	chmod -R a+rX "$copy"
	((EUID != 0)) || chown postgres "$copy/schema.yaml"
	chmod 000 "$copy/schema.yaml"
	SNAPSHOT_PATH="$copy/schema.yaml" run -78 as_postgres "$copy/scripts/schema-apply.sh"
	rm -rf "$copy"
	expect 'remedy: check SNAPSHOT_PATH, the mount, the owner and the mode'
	# Where nobody says where they are, they are named as a person would.
	copy_command_line "$BATS_TEST_TMPDIR"
	mkdir -p "$BATS_TEST_TMPDIR/snapshots/access.yaml"
	run -78 env -u ACCESS_PATH "$BATS_TEST_TMPDIR/scripts/config.sh" apply
	expect "error: $BATS_TEST_TMPDIR/snapshots/access.yaml is not a file that user"
}

@test "schema-snapshot without a stack to capture from exits 78 and writes nothing" {
	STACK_ENV=/nowhere run -78 env -u DB_HOST "$ROOT/scripts/schema-snapshot.sh" "$BATS_TEST_TMPDIR/captured.yaml"
	expect 'no database: DB_HOST not set'
	[[ ! -e "$BATS_TEST_TMPDIR/captured.yaml" ]]
}

@test "a step that fails halts the boot with the step's name" {
	migration 001_a.sql 'SELECT 1/0;'
	run -1 "$ENTRYPOINT"
	expect '[entrypoint] step 1/5: db-init'
	expect 'division by zero'
	expect 'step 1/5: db-init failed with status 1; the boot stops here, nothing is served'
	reject 'step 2/5'
	boot_lock_is_free
}

@test "an absent Postgres fails the boot with 69 after DB_WAIT_TIMEOUT" {
	local port
	port="$(free_port)"
	DB_PORT=$port DB_WAIT_TIMEOUT=1 run -69 "$ENTRYPOINT"
	expect "no answer from Postgres at $DB_HOST:$port/$DB_DATABASE within 1 s"
}

# The guard around Directus's bootstrap, without the 30 s of one: the entrypoint can be sourced.
begin_bootstrap() {
	(
		# shellcheck source=../../entrypoint.sh
		source "$ENTRYPOINT"
		pg_environment 'trm test'
		session_open .
		note_first_bootstrap
		session_close
	)
}

@test "an interrupted first bootstrap is discarded, one that somebody has used since is not" {
	query "CREATE SCHEMA trm; CREATE TABLE trm.state (key text PRIMARY KEY, value jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())"
	run -0 begin_bootstrap
	equal "$output" ''
	equal "$(query 'SELECT key FROM trm.state')" bootstrap.installing
	query 'CREATE TABLE directus_collections (id int); CREATE TABLE directus_users (id int)'
	run -0 begin_bootstrap
	equal "$output" '[entrypoint] an interrupted first bootstrap was discarded; it starts afresh'
	equal "$(query "SELECT coalesce(to_regclass('directus_users')::text, 'none') || count(*) FROM trm.state")" none1
	query 'CREATE TABLE directus_collections (id int); CREATE TABLE directus_users (id int); INSERT INTO directus_collections VALUES (1)'
	run -0 begin_bootstrap
	equal "$output" ''
	equal "$(query "SELECT to_regclass('directus_users') || ' ' || count(*) FROM trm.state")" 'directus_users 0'
}
