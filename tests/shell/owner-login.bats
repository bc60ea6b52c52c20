#!/usr/bin/env bats
# Two logins: what changes the schema runs as the owner of the database, what is served as a login in trm_directus.
# shellcheck disable=SC2030,SC2034,SC2031,SC2153,SC2154 # each @test is a subshell on purpose; output and lines come from bats

load helpers
load boot-helpers

setup_file() {
	create_cluster
	boot_environment
	# As a deployer has it from a managed server: an owner without any right on the cluster, and extensions made for him.
	sql postgres "CREATE ROLE owner LOGIN PASSWORD 'the-owners-word'"
	sql postgres "CREATE ROLE trm_directus NOLOGIN; CREATE ROLE trm_processor NOLOGIN"
	sql postgres "CREATE ROLE server LOGIN PASSWORD 'the-servers-word' IN ROLE trm_directus"
	sql postgres 'CREATE ROLE stranger LOGIN'
	sql postgres 'CREATE DATABASE booted OWNER owner'
	sql booted 'CREATE EXTENSION postgis; CREATE EXTENSION btree_gist'
	export DB_DATABASE=booted
}

teardown_file() {
	remove_cluster
}

setup() {
	LOG="$BATS_TEST_TMPDIR/log"
	boots=()
	printf 'the-owners-word\n' >"$BATS_TEST_TMPDIR/owner_password"
}

teardown() {
	stop_boots
}

as_server() {
	export DB_USER=server DB_PASSWORD=the-servers-word
}

# By file for the password, as compose and Kubernetes give it.
with_owner() {
	as_server
	export DB_OWNER_USER=owner DB_OWNER_PASSWORD_FILE="$BATS_TEST_TMPDIR/owner_password"
}

superuser() {
	PGPASSWORD=trust psql -XAtqw -v ON_ERROR_STOP=1 -h "$DB_HOST" -p "$DB_PORT" -U postgres -d booted -c "$1"
}

# The boot's process and all below it.
family() {
	local child children
	printf '%s\n' "$1"
	read -ra children < <(cat "/proc/$1/task"/*/children 2>/dev/null)
	for child in "${children[@]}"; do
		family "$child"
	done
}

owner_is_nowhere_in_the_server() {
	local pid pids
	mapfile -t pids < <(family "$boot")
	((${#pids[@]} >= 1))
	for pid in "${pids[@]}"; do
		! tr '\0' '\n' <"/proc/$pid/environ" | grep -e the-owners-word -e '^DB_OWNER' -e '=owner$' || return 1
	done
	equal "$(superuser "SELECT string_agg(DISTINCT usename, ' ') FROM pg_stat_activity WHERE datname = 'booted' AND pid <> pg_backend_pid() AND backend_type = 'client backend'")" server
}

@test "a first boot makes everything as the owner and serves as the other, who knows nothing of the owner" {
	with_owner
	start_boot "$LOG"
	serves_or_show 120 "$port" "$LOG"
	owner_is_nowhere_in_the_server
	equal "$(superuser "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'trm') AND tablename <> 'spatial_ref_sys'")" owner
	equal "$(superuser "SELECT has_table_privilege('server', 'public.entries', 'UPDATE'), has_table_privilege('server', 'public.entries', 'TRUNCATE')")" 't|f'
	run cat "$LOG"
	reject WARNING
}

@test "a warm boot reads the ledger and the fingerprint as the owner" {
	with_owner
	start_boot "$LOG"
	serves_or_show 60 "$port" "$LOG"
	log_has "$LOG" 'step 4/5: after-schema: skipped, unchanged since'
	owner_is_nowhere_in_the_server
}

@test "without the owner's login the other is enough for a warm boot, and a full one stops before it changes anything" {
	as_server
	start_boot "$LOG"
	serves_or_show 60 "$port" "$LOG"
	log_has "$LOG" 'step 4/5: after-schema: skipped, unchanged since'
	stop_boots

	BOOT_FORCE=true start_boot "$LOG.forced"
	status_of "$boot"
	equal "$status" 1
	run cat "$LOG.forced"
	expect 'permission denied for table state'
	expect 'begin-full-boot.sql failed'
	equal "$(superuser "SELECT value ->> 'completed' FROM trm.state WHERE key = 'boot.fingerprint'")" true
}

@test "a full boot gives a collection its rights again that came back without them" {
	superuser 'REVOKE ALL ON events FROM trm_processor'
	with_owner
	BOOT_FORCE=true start_boot "$LOG"
	serves_or_show 60 "$port" "$LOG"
	equal "$(superuser "SELECT has_table_privilege('trm_processor', 'public.events', 'SELECT')")" t
}

@test "on TimescaleDB a full boot goes over compressed fixes, and says what only a superuser can give back there" {
	[[ "$(superuser "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'")" == 1 ]] || skip 'this Postgres has no TimescaleDB'
	superuser "INSERT INTO positions (device_id, ts, latitude, longitude)
		SELECT '350000000000001', timestamptz '2026-06-07 08:00Z' + n * interval '1 s', 41, 20 FROM generate_series(1, 2000) AS n;
		ALTER TABLE positions SET (timescaledb.compress, timescaledb.compress_segmentby = 'device_id', timescaledb.compress_orderby = 'ts');
		SELECT compress_chunk(chunk) FROM show_chunks('positions') AS chunk"
	with_owner
	export BOOT_FORCE=true
	boot_and_stop "$LOG"

	superuser 'BEGIN; SET LOCAL timescaledb.restoring = on; REVOKE UPDATE (faulty) ON positions FROM trm_directus; COMMIT'
	start_boot "$LOG.lacking"
	status_of "$boot"
	equal "$status" 1
	run cat "$LOG.lacking"
	expect 'TimescaleDB refuses "GRANT UPDATE (faulty) ON TABLE public.positions TO trm_directus" while positions is compressed'
	[[ "$output" =~ 'As a superuser, in this database: '(BEGIN; .* COMMIT;) ]]
	superuser "${BASH_REMATCH[1]}"
	boot_and_stop "$LOG.given"
}

@test "commands that change or compare the schema, and trm, run as the owner; any other without his login" {
	with_owner
	run "$ENTRYPOINT" db-init --status --json
	expect '"problems" : 0'
	cd "$APP_ROOT"
	run "$ENTRYPOINT" schema-apply
	equal "$status" 0
	superuser "CREATE FUNCTION who() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN RAISE EXCEPTION 'written by %', current_user; END \$\$;
		CREATE TRIGGER who BEFORE INSERT ON organizations EXECUTE FUNCTION who();"
	run "$ENTRYPOINT" trm seed load "$ROOT/seeds/rally-albania-2026"
	superuser 'DROP FUNCTION who() CASCADE'
	expect 'written by owner'
	run "$ENTRYPOINT" env
	expect DB_USER=server
	reject DB_OWNER
	reject the-owners-word
}

@test "the server's login must have the rights of trm_directus" {
	with_owner
	export DB_USER=stranger
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 78
	run cat "$LOG"
	expect 'the login stranger (DB_USER) has not the rights of a server in this database; remedy: as a superuser GRANT trm_directus TO "stranger"'
	reject 'step 5/5'
}

@test "each login that is refused is named by its variables; half an owner is refused" {
	with_owner
	export PUBLIC_URL=http://localhost
	cd "$APP_ROOT"
	DB_OWNER_USER=nobody run "$ENTRYPOINT"
	equal "$status" 78
	expect 'check DB_OWNER_USER and DB_OWNER_PASSWORD'
	DB_USER=nobody run "$ENTRYPOINT"
	equal "$status" 78
	expect 'check DB_USER and DB_PASSWORD'
	unset DB_OWNER_USER
	run "$ENTRYPOINT"
	equal "$status" 78
	expect 'only one of DB_OWNER_USER and DB_OWNER_PASSWORD is set'
	run "$ENTRYPOINT" db-init --status
	equal "$status" 78
}
