#!/usr/bin/env bats
# entrypoint.sh: configuration, secrets, arguments, the boot lock and signals. The whole boot is in boot.bats.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # $0 is for the inner shell; each @test is a subshell; output comes from bats

load helpers

setup() {
	use_server "${TEST_PG_URL:?give the superuser URL of a Postgres for the tests}"
	create_database
	export SECRET=0123456789abcdef0123456789abcdef ADMIN_EMAIL=admin@example.com ADMIN_PASSWORD=Secret-1234 PUBLIC_URL=http://127.0.0.1:8055
	export DIRECTUS_CLI="$ROOT/node_modules/directus/cli.js" ECOSYSTEM_FILE="$ROOT/scripts/local/ecosystem.config.cjs"
	export DB_INIT_PATH="$BATS_TEST_TMPDIR/db-init" TEST_MARK="trm-bats-$RANDOM$RANDOM"
	DIR="$DB_INIT_PATH"
	LOG="$BATS_TEST_TMPDIR/log"
	mkdir -p "$DIR/after-schema" "$BATS_TEST_TMPDIR/app/extensions/trm/dist"
	# What the boot wants to see from its working directory; no test here gets as far as running it.
	cd "$BATS_TEST_TMPDIR/app"
	echo '{}' >package.json
	: >extensions/trm/dist/api.js
	query 'CREATE TABLE nap (seconds float); INSERT INTO nap VALUES (60)'
}

teardown() {
	drop_database
}

# A step that takes as long as the test wants: a migration that sleeps.
start_boot_and_sleep() {
	migration 001_sleep.sql 'SELECT pg_sleep(seconds) FROM nap;'
	"$ENTRYPOINT" >"$LOG" 2>&1 3>&- &
	boot=$!
	eventually 10 is_sleeping
}

# Processes that inherited this test's environment, apart from the test itself.
processes_of_boot() {
	grep -lz "^TEST_MARK=$TEST_MARK$" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3 | while read -r pid; do
		case "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" in
			*entrypoint.sh* | *apply-db-init* | *psql* | *cli.js* | *schema-apply*) echo "$pid" ;;
		esac
	done
}

boot_lock_is_free() {
	[[ "$(query "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")" == 0 ]]
}

@test "names all missing variables in one message, exit 78, at once" {
	SECONDS=0
	run -78 env -i PATH="$PATH" DIRECTUS_CLI="$DIRECTUS_CLI" ECOSYSTEM_FILE="$ECOSYSTEM_FILE" "$ENTRYPOINT"
	expect 'required variables are missing: DB_CLIENT DB_HOST DB_DATABASE DB_USER DB_PASSWORD SECRET ADMIN_EMAIL ADMIN_PASSWORD PUBLIC_URL; remedy'
	# The first line says what is running.
	equal "${#lines[@]}" 2
	((SECONDS < 5))
	SECRET='' run -78 env -u ADMIN_EMAIL "$ENTRYPOINT"
	expect 'required variables are missing: SECRET ADMIN_EMAIL;'
	SECRET=$' \t' DB_HOST=' ' run -78 "$ENTRYPOINT"
	expect 'required variables are missing: DB_HOST SECRET;'
}

@test "errors go to stderr" {
	SECRET='' run -78 --separate-stderr "$ENTRYPOINT"
	equal "$output" "[entrypoint] TRM Directus from the checkout $ROOT"
}

@test "refuses any DB_CLIENT but pg" {
	DB_CLIENT=sqlite3 run -78 "$ENTRYPOINT"
	expect 'DB_CLIENT is "sqlite3", and only pg is supported'
}

@test "refuses DB_CONNECTION_STRING, which only Directus would follow" {
	DB_CONNECTION_STRING=postgres://elsewhere/other run -78 "$ENTRYPOINT"
	expect 'DB_CONNECTION_STRING is set, which the boot does not take; remedy: unset it and give DB_HOST'
	reject 'elsewhere'
	DB_CONNECTION_STRING_FILE=/nowhere run -78 "$ENTRYPOINT"
	expect 'DB_CONNECTION_STRING is set'
}

@test "refuses WebSockets, which go past the closed routes" {
	WEBSOCKETS_ENABLED=true run -78 "$ENTRYPOINT"
	expect 'WEBSOCKETS_ENABLED is "true", and over WebSockets items are asked for and changed past what is closed'
	WEBSOCKETS_ENABLED=false DB_CLIENT=sqlite3 run -78 "$ENTRYPOINT"
	reject 'WEBSOCKETS_ENABLED'
}

@test "refuses a Redis of Sentinels or a cluster where Directus itself would use it" {
	local form
	for form in redis-sentinel rediss-sentinel redis-cluster rediss-cluster; do
		REDIS="$form://relay:hidden@a,b/0#race" REDIS_ENABLED=true run -78 "$ENTRYPOINT"
		expect "REDIS_ENABLED=true makes Directus itself use REDIS, and it does not understand $form://; remedy: unset REDIS_ENABLED"
		reject 'hidden'
	done
	REDIS=redis-sentinel://a#race RATE_LIMITER_STORE=redis run -78 "$ENTRYPOINT"
	expect 'RATE_LIMITER_STORE=redis makes Directus itself use REDIS'
	# What the next problem is called shows that this one is none.
	SECRET='' REDIS=redis-sentinel://a#race run -78 "$ENTRYPOINT"
	reject 'makes Directus itself use REDIS'
	SECRET='' REDIS=redis://a REDIS_ENABLED=true run -78 "$ENTRYPOINT"
	reject 'makes Directus itself use REDIS'
}

@test "refuses a working directory without package.json or the bundle before it touches the database" {
	rm extensions/trm/dist/api.js
	run -78 "$ENTRYPOINT"
	expect "the bundle is not built: no ./extensions/trm/dist/api.js seen from $PWD"
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	cd "$BATS_TEST_TMPDIR/elsewhere"
	run -78 "$ENTRYPOINT"
	expect "no package.json in the working directory $PWD; remedy: start from the directory that holds it, such as $ROOT"
	reject 'step 1/5'
}

@test "reports wrong variables together with the missing ones" {
	DB_CLIENT=mysql SECRET='' DIRECTUS_CLI=/nowhere/cli.js run -78 "$ENTRYPOINT"
	expect 'DB_CLIENT is "mysql"'
	expect 'missing: SECRET;'
	expect 'no file /nowhere/cli.js'
	local port
	for port in abc 0 65536 '5432 '; do
		SECONDS=0
		DB_PORT="$port" run -78 "$ENTRYPOINT"
		expect "DB_PORT is \"$port\"; remedy: give a port number"
		DB_PORT="$port" run -78 "$ENTRYPOINT" db-init
		expect "DB_PORT is \"$port\"; remedy: give a port number"
		((SECONDS < 5))
	done
	BOOT_LOCK_TIMEOUT=-1 run -78 "$ENTRYPOINT"
	expect 'BOOT_LOCK_TIMEOUT is "-1"'
}

@test "every secret may come from NAME_FILE, which is then unset" {
	local name
	for name in DB_PASSWORD SECRET ADMIN_PASSWORD REDIS EVENT_REDIS_SENTINEL_PASSWORD; do
		printf 'value of %s\r\n\r\n\n' "$name" >"$BATS_TEST_TMPDIR/$name"
	done
	cd "$BATS_TEST_TMPDIR"
	run -0 env -u DB_PASSWORD -u SECRET -u ADMIN_PASSWORD -u REDIS DB_PASSWORD_FILE=DB_PASSWORD SECRET_FILE=SECRET \
		ADMIN_PASSWORD_FILE=ADMIN_PASSWORD REDIS_FILE=REDIS EVENT_REDIS_SENTINEL_PASSWORD_FILE=EVENT_REDIS_SENTINEL_PASSWORD \
		"$ENTRYPOINT" env
	for name in DB_PASSWORD SECRET ADMIN_PASSWORD REDIS EVENT_REDIS_SENTINEL_PASSWORD; do
		grep -qFx "$name=value of $name" <<<"$output"
		reject "${name}_FILE"
	done
}

@test "an unreadable or empty secret file, or both variants, is a clear error" {
	: >"$BATS_TEST_TMPDIR/empty"
	SECRET_FILE="$BATS_TEST_TMPDIR/empty" DB_PASSWORD_FILE=/nowhere run -78 env -u DB_PASSWORD "$ENTRYPOINT"
	expect 'both SECRET and SECRET_FILE are set'
	expect 'DB_PASSWORD_FILE: cannot read the file /nowhere'
	reject 'missing'
	SECRET_FILE="$BATS_TEST_TMPDIR/empty" run -78 env -u SECRET "$ENTRYPOINT" true
	expect 'is empty; remedy: write the value of SECRET into it'
}

@test "sets what Directus needs and the operator did not" {
	run -0 env -u DB_EXCLUDE_TABLES -u PROJECT_OWNER -u DB_PORT "$ENTRYPOINT" env
	expect 'PROJECT_OWNER=admin@example.com'
	expect 'DB_EXCLUDE_TABLES=positions,spatial_ref_sys'
	expect 'DB_PORT=5432'
	expect 'DB_SEARCH_PATH=public'
	DB_EXCLUDE_TABLES=other PROJECT_OWNER=owner@example.com run -0 "$ENTRYPOINT" env
	expect 'DB_EXCLUDE_TABLES=other,positions'
	expect 'PROJECT_OWNER=owner@example.com'
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
	expect '[schema] no snapshot at /nowhere (absent or empty): skipped'
	run -0 "$ENTRYPOINT" schema-snapshot --help
	expect 'usage: schema-snapshot.sh'
	run -0 "$ENTRYPOINT" config --help
	expect 'usage: config.sh'
	run -64 "$ENTRYPOINT" trm config apply --everything
	expect 'unknown arguments: apply --everything'
}

@test "a snapshot that is there but cannot be read is an error, not a skipped step" {
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR" run -78 "$ENTRYPOINT" schema-apply
	expect "$BATS_TEST_TMPDIR is not a file that user"
	expect 'remedy: check SNAPSHOT_PATH'
	SETTINGS_PATH="$BATS_TEST_TMPDIR" SNAPSHOT_PATH=/nowhere run -78 "$ENTRYPOINT" schema-apply
	expect 'remedy: check SETTINGS_PATH'
	ACCESS_PATH="$BATS_TEST_TMPDIR" SNAPSHOT_PATH=/nowhere run -78 "$ENTRYPOINT" schema-apply
	expect 'remedy: check ACCESS_PATH'
	ACCESS_PATH="$BATS_TEST_TMPDIR" run -2 "$ENTRYPOINT" config diff
	expect 'remedy: check ACCESS_PATH'
	ln -s /nowhere "$BATS_TEST_TMPDIR/dangling"
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR/dangling" run -78 "$ENTRYPOINT" schema-apply
	: >"$BATS_TEST_TMPDIR/empty"
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR/empty" run -0 "$ENTRYPOINT" schema-apply
	# Root reads everything, so another user tries, with a copy that lies where it may look.
	local copy
	copy="$(mktemp -d /tmp/trm-bats-scripts.XXXXXX)"
	cp -r "$ROOT/scripts/schema-apply.sh" "$ROOT/scripts/lib" "$copy"
	echo 'version: 1' >"$copy/schema.yaml"
	chmod -R a+rX "$copy"
	((EUID != 0)) || chown postgres "$copy/schema.yaml"
	chmod 000 "$copy/schema.yaml"
	SNAPSHOT_PATH="$copy/schema.yaml" run -78 as_postgres "$copy/schema-apply.sh"
	rm -rf "$copy"
	expect 'remedy: check SNAPSHOT_PATH, the mount, the owner and the mode'
}

@test "schema-snapshot without a stack to capture from exits 78 and writes nothing" {
	STACK_ENV=/nowhere COMPOSE_SERVICE=trm-bats-none run -78 env -u DB_HOST "$ROOT/scripts/schema-snapshot.sh" "$BATS_TEST_TMPDIR/captured.yaml"
	expect 'no running stack found'
	expect 'nothing was written'
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

@test "a second boot waits for the lock, says for whom, and gives up after BOOT_LOCK_TIMEOUT" {
	start_boot_and_sleep
	BOOT_LOCK_TIMEOUT=1 run -69 "$ENTRYPOINT"
	expect 'waiting for the lock trm.boot, 0 s so far; trm boot'
	expect 'another boot held the lock trm.boot for 1 s'
	reject 'step 1/5'
	kill -TERM "$boot"
	status_of "$boot"
}

@test "a boot that loses its lock stops before the next step, with the remedy" {
	query 'UPDATE nap SET seconds = 2'
	start_boot_and_sleep
	query "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'trm boot%' AND datname = current_database()"
	status_of "$boot"
	equal "$status" 69
	run cat "$LOG"
	expect '[db-init] 1 applied, 0 skipped'
	expect 'the session that holds the boot lock was lost'
	reject 'step 2/5'
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

@test "SIGTERM during a step ends the boot at once and leaves no process and no lock" {
	start_boot_and_sleep
	SECONDS=0
	kill -TERM "$boot"
	status_of "$boot"
	equal "$status" 143
	((SECONDS < 4))
	run cat "$LOG"
	expect 'a signal ended the boot'
	eventually 3 boot_lock_is_free
	equal "$(processes_of_boot)" ''
}

@test "a second signal does not save a step that ignores the first" {
	local deaf="$BATS_TEST_TMPDIR/bin/node"
	mkdir "${deaf%/*}"
	printf '#!/usr/bin/env bash\ntrap "" TERM INT HUP\ntouch "%s"\nfor ((i = 0; i < 60; i++)); do sleep 1; done\n' "$LOG.deaf" >"$deaf"
	chmod +x "$deaf"
	cp "$ROOT/db-init/005_state.sql" "$DIR"
	PATH="${deaf%/*}:$PATH" "$ENTRYPOINT" >"$LOG" 2>&1 3>&- &
	boot=$!
	eventually 10 test -e "$LOG.deaf"
	kill -TERM "$boot"
	eventually 3 log_has "$LOG" 'a signal ended the boot'
	sleep 0.3
	kill -INT "$boot"
	kill -TERM "$boot"
	status_of "$boot"
	equal "$status" 143
	equal "$(processes_of_boot)" ''
	boot_lock_is_free
}

@test "SIGTERM while waiting for the lock or for Postgres ends the boot at once" {
	start_boot_and_sleep
	local waiting
	"$ENTRYPOINT" >"$LOG.2" 2>&1 3>&- &
	waiting=$!
	eventually 5 log_has "$LOG.2" 'waiting for the lock trm.boot'
	kill -TERM "$waiting"
	status_of "$waiting"
	equal "$status" 143
	DB_PORT="$(free_port)" "$ENTRYPOINT" >"$LOG.3" 2>&1 3>&- &
	waiting=$!
	eventually 5 log_has "$LOG.3" 'Connection refused'
	kill -TERM "$waiting"
	status_of "$waiting"
	equal "$status" 143
	kill -TERM "$boot"
	status_of "$boot"
}
