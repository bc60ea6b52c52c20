#!/usr/bin/env bats
# What stands between us and Postgres, or is set there for everybody: a real PgBouncer, and settings of a database.
# shellcheck disable=SC2030,SC2034,SC2031,SC2153,SC2154 # each @test is a subshell on purpose; output and lines come from bats

load helpers
load boot-helpers
load warm-boot-helpers

setup_file() {
	boot_once
}

setup() {
	copy_booted_database
	pooler=''
}

teardown() {
	stop_boots
	# Through the pooler, where there is one.
	drop_database
	[[ -z "$pooler" ]] || { kill "$(<"$home/pid")"; rm -rf "$home"; }
}

# start_pooler MODE: in front of the server of the tests, as which DB_HOST and DB_PORT then name it.
start_pooler() {
	local listen
	listen="$(free_port)"
	# Where user postgres may read: it refuses to run as root.
	home="$(mktemp -d /tmp/trm-bats-pooler.XXXXXX)"
	cat >"$home/pgbouncer.ini" <<-INI
		[databases]
		* = host=$DB_HOST port=$DB_PORT user=$DB_USER password='$DB_PASSWORD'
		[pgbouncer]
		pidfile = $home/pid
		listen_addr = 127.0.0.1
		listen_port = $listen
		unix_socket_dir =
		auth_type = any
		pool_mode = $1
		max_client_conn = 200
		default_pool_size = 50
	INI
	chmod -R a+rwX "$home"
	(cd /tmp && as_postgres pgbouncer -q "$home/pgbouncer.ini") >"$home/log" 2>&1 3>&- &
	pooler=$!
	export DB_PORT=$listen
	eventually 10 answers || { cat "$home/log"; return 1; }
}

answers() {
	query 'SELECT 1'
}

# The API's answer to the administrator for a path.
ask() {
	curl -s "http://127.0.0.1:$port$1" -H "Authorization: Bearer administrators-token"
}

give_token() {
	query "UPDATE directus_users SET token = 'administrators-token' WHERE email = 'admin@example.com'"
}

@test "behind PgBouncer in session mode it boots, and the limit on statements is on" {
	give_token
	start_pooler session
	# All steps, with Directus's commands too.
	BOOT_FORCE=true DB_STATEMENT_TIMEOUT=7 start_boot "$LOG"
	serves_or_show 60 "$port" "$LOG"
	run ask /items/events
	equal "$output" '{"data":[]}'
	query 'BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(30)' >/dev/null &
	eventually 10 is_sleeping
	equal "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/items/events" -H 'Authorization: Bearer administrators-token')" 503
	query "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()" || true
}

@test "behind PgBouncer in transaction mode it is refused before it takes a lock that nobody holds" {
	start_pooler transaction
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 78
	run cat "$LOG"
	expect 'a pooler that shares one connection between sessions'
	expect 'pool_mode = session'
}

@test "settings of the database and of the role change nothing of what is read and written" {
	give_token
	local setting
	for setting in "DateStyle = 'German, DMY'" "IntervalStyle = 'iso_8601'" "TimeZone = 'Asia/Kathmandu'" "bytea_output = 'escape'" \
		"default_transaction_isolation = 'serializable'" "statement_timeout = '100ms'" "search_path = 'trm'" 'transform_null_equals = on'; do
		query "ALTER DATABASE $DB_DATABASE SET $setting"
	done
	BOOT_FORCE=true start_boot "$LOG"
	serves_or_show 60 "$port" "$LOG"
	curl -s -o /dev/null -X POST "http://127.0.0.1:$port/items/organizations" -H 'Authorization: Bearer administrators-token' \
		-H 'content-type: application/json' -d '{"name":"A","slug":"a"}'
	run ask '/items/organizations?fields=date_created'
	[[ "$output" =~ ^\{\"data\":\[\{\"date_created\":\"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z\"\}\]\}$ ]] || { echo "$output"; return 1; }
}

@test "a database that no boot can finish on is refused before anything is written, with what to do" {
	query "ALTER DATABASE $DB_DATABASE SET default_transaction_read_only = on"
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 78
	run cat "$LOG"
	expect 'is read-only'
	expect 'RESET default_transaction_read_only'

	drop_database
	sql postgres "CREATE DATABASE $DB_DATABASE ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 78
	run cat "$LOG"
	expect 'has the encoding LATIN1'
	expect "ENCODING 'UTF8'"

	drop_database
	create_database
	query 'CREATE TABLE events (id integer); CREATE TABLE anothers (id integer)'
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 78
	run cat "$LOG"
	expect 'has tables of the names that it makes: 1 tables, such as events'
	equal "$(query "SELECT to_regnamespace('trm')")" ''
}

@test "a search path other than public is refused" {
	DB_SEARCH_PATH=directus start_boot "$LOG"
	status_of "$boot"
	equal "$status" 78
	run cat "$LOG"
	expect 'DB_SEARCH_PATH is "directus"'
}
