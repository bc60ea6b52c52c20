#!/usr/bin/env bats
# The whole boot with the real Directus: from an empty database to a server, interrupted, repeated and five at once.
# shellcheck disable=SC2030,SC2034,SC2031,SC2153,SC2154 # each @test is a subshell on purpose; output and lines come from bats

load helpers
load boot-helpers

setup_file() {
	create_cluster
	boot_environment
}

teardown_file() {
	remove_cluster
}

setup() {
	LOG="$BATS_TEST_TMPDIR/log"
	boots=()
}

teardown() {
	stop_boots
	[[ "${DB_DATABASE:-booted}" == booted ]] || drop_database
}

# Every test but the first starts from what the first one booted.
copy_booted_database() {
	export DB_DATABASE="trm_bats_copy_$BATS_TEST_NUMBER"
	sql postgres "CREATE DATABASE $DB_DATABASE TEMPLATE booted"
}

# slow_table NAME makes the creation of that table take a minute: time enough to kill Postgres in the middle of it.
slow_table() {
	query "CREATE FUNCTION nap() RETURNS event_trigger LANGUAGE plpgsql AS \$\$
		BEGIN
			IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.$1') THEN PERFORM pg_sleep(60); END IF;
		END \$\$;
		CREATE EVENT TRIGGER nap ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION nap();"
}

any_table() {
	query 'DROP EVENT TRIGGER nap; DROP FUNCTION nap();'
}

crash_in_the_nap() {
	eventually 120 is_sleeping || { cat "$LOG"; return 1; }
	crash_cluster
	status_of "$boot"
	start_cluster
}

collections() {
	query "SELECT count(*) FROM directus_collections c JOIN pg_tables t ON t.tablename = c.collection WHERE t.schemaname = 'public'"
}

# What the server answers whoever asks for events, while somebody keeps their table to himself for longer than he may wait.
status_while_events_are_locked() {
	query 'BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(20)' >/dev/null &
	local holder=$!
	eventually 10 events_are_locked
	curl -s -o /dev/null -m 15 -w '%{http_code}' "http://127.0.0.1:$port/items/events"
	query "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'events'::regclass AND mode = 'AccessExclusiveLock'" >/dev/null
	wait "$holder" || true
}

events_are_locked() {
	[[ "$(query "SELECT count(*) FROM pg_locks WHERE relation = 'events'::regclass AND mode = 'AccessExclusiveLock' AND granted")" == 1 ]]
}

ledger_is_complete() {
	equal "$(query "SELECT string_agg(filename, ' ' ORDER BY filename COLLATE \"C\") FROM trm.migration_ledger")" \
		"$(cd "$ROOT/db-init" && printf '%s\n' *.sql after-schema/*.sql current/*.sql | LC_ALL=C sort | paste -sd ' ')"
}

@test "an empty database: five steps in order, then a server that answers and that SIGTERM stops" {
	export DB_DATABASE=booted
	sql postgres 'CREATE DATABASE booted'
	DB_STATEMENT_TIMEOUT=2 start_boot "$LOG"
	serves_or_show 120 "$port" "$LOG"
	equal "$(grep -o '^\[entrypoint\] step ./5: .*' "$LOG" | paste -sd '|')" \
		'[entrypoint] step 1/5: db-init|[entrypoint] step 2/5: bootstrap|[entrypoint] step 3/5: schema|[entrypoint] step 4/5: after-schema|[entrypoint] step 5/5: start'
	grep -Eq '^\[entrypoint\] starting the server after [0-9.]+ s \(lock .*, db-init .*, bootstrap .*, schema .*, after-schema .*\): pm2-runtime start ' "$LOG"
	ledger_is_complete
	equal "$(query "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = (hashtext('trm.boot')::bigint & 4294967295)::oid")" 0
	equal "$(query "SELECT project_owner FROM directus_settings")" admin@example.com
	equal "$(status_while_events_are_locked)" 503
	kill -TERM "$boot"
	SECONDS=0
	status_of "$boot"
	((SECONDS < 10))
	run ! serves "$port"
}

@test "Postgres killed in the middle of the first bootstrap, then of the schema apply: each boot fails clearly, the next completes" {
	create_database
	slow_table directus_relations
	start_boot "$LOG"
	crash_in_the_nap
	((status != 0))
	run cat "$LOG"
	expect 'step 2/5: bootstrap failed with status'
	equal "$(query "SELECT to_regclass('public.directus_collections')")" directus_collections

	any_table
	slow_table entry_devices
	start_boot "$LOG"
	crash_in_the_nap
	((status != 0))
	run cat "$LOG"
	expect 'an interrupted first bootstrap was discarded; it starts afresh'
	expect 'step 3/5: schema failed with status'
	reject 'step 4/5'
	equal "$(collections)" 0
	equal "$(query "SELECT email || ' ' || project_owner FROM directus_users, directus_settings")" 'admin@example.com admin@example.com'
	equal "$(query "SELECT count(*) FROM trm.state WHERE key = 'bootstrap.installing'")" 0

	any_table
	start_boot "$LOG"
	serves_or_show 120 "$port" "$LOG"
	equal "$(collections)" 12
	ledger_is_complete
}

@test "a tampered migration stops the boot, and the bundle's own check stops a server started without it" {
	copy_booted_database
	query "UPDATE trm.migration_ledger SET sha256 = repeat('0', 64) WHERE filename = '002_positions.sql'"
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 1
	run cat "$LOG"
	expect '002_positions.sql was changed after it was applied: expected 0000'
	reject 'step 2/5'
	DB_INIT_PATH="$ROOT/db-init" start_boot "$LOG" node "$DIRECTUS_CLI" start
	status_of "$boot"
	((status != 0))
	run cat "$LOG"
	expect '002_positions.sql'
	run ! serves "$port"
}

@test "the bundle not built is named as the reason, with the remedy" {
	copy_booted_database
	mkdir -p "$BATS_TEST_TMPDIR/bare"
	echo '{"type":"module"}' >"$BATS_TEST_TMPDIR/bare/package.json"
	APP_ROOT="$BATS_TEST_TMPDIR/bare" start_boot "$LOG" "$ENTRYPOINT" schema-apply
	status_of "$boot"
	((status != 0))
	run cat "$LOG"
	expect 'the bundle is not built: no ./extensions/trm/dist/api.js'
}

@test "schema-apply --dry-run exits 0 for no changes and 1 for pending ones, and changes nothing" {
	copy_booted_database
	start_boot "$LOG" "$ENTRYPOINT" schema-apply --dry-run
	status_of "$boot"
	equal "$status" 0
	sed '0,/^      icon: .*/s//      icon: science/' "$ROOT/snapshots/schema.yaml" >"$BATS_TEST_TMPDIR/changed.yaml"
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR/changed.yaml" start_boot "$LOG" "$ENTRYPOINT" schema-apply --dry-run
	status_of "$boot"
	equal "$status" 1
	grep -q '^plan: ' "$LOG"
	equal "$(query "SELECT count(*) FROM directus_collections WHERE icon = 'science'")" 0
}

@test "a captured schema equals the snapshot it came from" {
	copy_booted_database
	printf 'DATABASE_URL=postgresql://%s@%s:%s/%s\n' "$DB_USER" "$DB_HOST" "$DB_PORT" "$DB_DATABASE" >"$BATS_TEST_TMPDIR/stack.env"
	cp "$ROOT/snapshots/schema.yaml" "$BATS_TEST_TMPDIR"
	run -0 env -u DB_HOST STACK_ENV="$BATS_TEST_TMPDIR/stack.env" setsid "$ROOT/scripts/schema-snapshot.sh" "$BATS_TEST_TMPDIR/schema.yaml"
	expect 'is up to date'
}

@test "five boots at once on an empty database: all serve, each ledger row once, four skip what the first has done" {
	create_database
	local number ports=()
	for number in 1 2 3 4 5; do
		start_boot "$LOG.$number"
		ports+=("$port")
	done
	for number in 1 2 3 4 5; do
		serves_or_show 240 "${ports[number - 1]}" "$LOG.$number"
	done
	ledger_is_complete
	equal "$(collections)" 12
	equal "$(cat "$LOG".? | grep -c '\[db-init\] applied 001_extensions.sql')" 1
	equal "$(cat "$LOG".? | grep -c '\[db-init\] 0 applied, ')" 4
	equal "$(cat "$LOG".? | grep -c 'step 3/5: schema: skipped, unchanged since')" 4
	equal "$(query 'SELECT count(*) FROM directus_users')" 1
}
