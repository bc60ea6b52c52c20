#!/usr/bin/env bats
# scripts/apply-db-init.sh: several at once, and killed at the worst moment. On a private cluster, because it is killed too.
# shellcheck disable=SC2030,SC2031,SC2153,SC2154 # each @test is a subshell on purpose; lines and output come from bats

load helpers

setup_file() {
	create_cluster
}

teardown_file() {
	remove_cluster
}

setup() {
	create_database
	DIR="$BATS_TEST_TMPDIR/db-init"
	LOG="$BATS_TEST_TMPDIR/log"
	# A runner killed -9 leaves its files behind: here bats removes them.
	export TMPDIR="$BATS_TEST_TMPDIR"
	mkdir "$DIR"
	# How long the sleeping migrations sleep, so that the second run of the same file is quick.
	query 'CREATE TABLE nap (seconds float); INSERT INTO nap VALUES (60)'
	migration 001_a.sql 'CREATE TABLE a (id int);'
}

teardown() {
	drop_database
}

start_runner() {
	"$RUNNER" "$DIR" >"$LOG" 2>&1 3>&- &
	runner=$!
}

nap_for() {
	query "UPDATE nap SET seconds = $1"
}

sleeping_migration() {
	migration 002_b.sql 'CREATE TABLE b (id int);' 'SELECT pg_sleep(seconds) FROM nap;' 'CREATE TABLE c (id int);'
}

# Half of the file has run when this returns.
start_runner_and_sleep() {
	sleeping_migration
	start_runner
	eventually 10 is_sleeping
}

next_run_completes() {
	nap_for 0
	run -0 "$RUNNER" "$DIR"
	equal "${lines[-1]}" '[db-init] 1 applied, 1 skipped'
	equal "$(query "SELECT string_agg(filename, ' ' ORDER BY filename) || coalesce(to_regclass('b')::text, '') || coalesce(to_regclass('c')::text, '') FROM trm.migration_ledger")" '001_a.sql 002_b.sqlbc'
}

nothing_half_applied() {
	equal "$(query "SELECT string_agg(filename, '') || coalesce(to_regclass('b')::text, '') FROM trm.migration_ledger")" '001_a.sql'
}

@test "five runners at once apply each file once, also when one builds an index concurrently" {
	migration 002_once.sql 'CREATE TABLE once (id serial);' 'INSERT INTO once DEFAULT VALUES;' 'SELECT pg_sleep(0.5);'
	migration 003_index.sql '-- trm: no-transaction' 'SELECT pg_sleep(0.5);' 'CREATE INDEX CONCURRENTLY IF NOT EXISTS once_id ON once (id);'
	local number pids=()
	for number in 1 2 3 4 5; do
		"$RUNNER" "$DIR" >"$LOG.$number" 2>&1 3>&- &
		pids+=($!)
	done
	for number in "${pids[@]}"; do
		wait "$number"
	done
	equal "$(cat "$LOG".* | grep -c '3 applied, 0 skipped')" 1
	equal "$(cat "$LOG".* | grep -c '0 applied, 3 skipped')" 4
	equal "$(query 'SELECT count(*) FROM once')" 1
	equal "$(query "SELECT indisvalid FROM pg_index WHERE indexrelid = 'once_id'::regclass")" t
}

@test "a runner that waits for another says for whom" {
	nap_for 8
	start_runner_and_sleep
	run -0 "$RUNNER" "$DIR"
	expect 'waiting for the lock trm.db-init, '
	expect ' s so far; trm db-init'
	expect '0 applied, 2 skipped'
	wait "$runner"
}

@test "Postgres killed in the middle of a migration: status 1, a clear line, and the next run completes" {
	start_runner_and_sleep
	crash_cluster
	status_of "$runner"
	start_cluster
	equal "$status" 1
	run cat "$LOG"
	expect '002_b.sql failed (nothing of it was kept): lost the connection to Postgres; remedy: run again'
	nothing_half_applied
	next_run_completes
}

@test "the backend killed -9 in the middle of a migration: the same" {
	start_runner_and_sleep
	kill -9 "$(query "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")"
	status_of "$runner"
	equal "$status" 1
	run cat "$LOG"
	expect 'lost the connection to Postgres'
	eventually 10 query 'SELECT 1'
	nothing_half_applied
	next_run_completes
}

@test "the runner killed -9 in the middle of a migration: the file is applied wholly or not at all" {
	nap_for 4
	start_runner_and_sleep
	kill -9 "$runner"
	status_of "$runner"
	nap_for 0
	run -0 "$RUNNER" "$DIR"
	[[ "${lines[-1]}" =~ ^'[db-init] '(0 applied, 2|1 applied, 1)' skipped'$ ]]
	equal "$(query "SELECT count(*) || to_regclass('b')::text || to_regclass('c')::text FROM trm.migration_ledger")" 2bc
}

@test "psql killed -9 in the middle of a migration: its lock is free within seconds, the next run completes" {
	start_runner_and_sleep
	kill -9 "$(pgrep -P "$runner" psql)"
	status_of "$runner"
	equal "$status" 1
	nap_for 0
	SECONDS=0
	next_run_completes
	((SECONDS < 10))
}

@test "SIGTERM in the middle of a migration: status 143 at once, no process left, the next run completes" {
	start_runner_and_sleep
	local client
	client="$(pgrep -P "$runner" psql)"
	SECONDS=0
	kill -TERM "$runner"
	status_of "$runner"
	equal "$status" 143
	is_gone "$client"
	((SECONDS < 4))
	nothing_half_applied
	next_run_completes
}

@test "killed in the middle of a no-transaction file: recorded only by the run that finishes it" {
	migration 002_b.sql '-- trm: no-transaction' 'CREATE TABLE IF NOT EXISTS b (id int);' 'SELECT pg_sleep(seconds) FROM nap;' 'CREATE TABLE IF NOT EXISTS c (id int);'
	start_runner
	eventually 10 is_sleeping
	crash_cluster
	status_of "$runner"
	start_cluster
	equal "$status" 1
	equal "$(query "SELECT string_agg(filename, '') || to_regclass('b')::text FROM trm.migration_ledger")" '001_a.sqlb'
	next_run_completes
}

@test "waits for a Postgres that comes up late" {
	crash_cluster
	start_runner
	eventually 10 log_has "$LOG" 'Connection refused'
	start_cluster
	status_of "$runner"
	equal "$status" 0
	run tail -n 1 "$LOG"
	equal "$output" '[db-init] 1 applied, 0 skipped'
}

@test "a wrong password fails at once and is not printed" {
	query "CREATE ROLE keeper LOGIN PASSWORD 'right-one'"
	sed -i '1i host all keeper 127.0.0.1/32 scram-sha-256' "$CLUSTER/data/pg_hba.conf"
	query 'SELECT pg_reload_conf()'
	SECONDS=0
	DB_USER=keeper DB_PASSWORD=wrong-one run -78 "$RUNNER" "$DIR"
	expect 'password authentication failed for user "keeper"'
	expect 'remedy: check DB_USER and DB_PASSWORD'
	reject wrong-one
	((SECONDS < 5))
	# The right one gets in: what keeps it from going on is another matter.
	DB_USER=keeper DB_PASSWORD=right-one run -1 "$RUNNER" "$DIR"
	expect 'permission denied for database'
	reject right-one
}
