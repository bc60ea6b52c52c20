#!/usr/bin/env bats
# entrypoint.sh: which variables and secrets it takes, refuses and sets by itself.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # $0 is for the inner shell; each @test is a subshell; output comes from bats

load helpers
load entrypoint-helpers

setup() {
	prepare_boot
}

teardown() {
	drop_database
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
	for port in abc 0 65536 '5432 1'; do
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
	run -0 env -u DB_EXCLUDE_TABLES -u PROJECT_OWNER -u DB_PORT -u IMPORT_TIMEOUT -u IMPORT_MAX_CONCURRENCY "$ENTRYPOINT" env
	expect 'PROJECT_OWNER=admin@example.com'
	expect 'DB_EXCLUDE_TABLES=positions,spatial_ref_sys'
	expect 'DB_PORT=5432'
	expect 'DB_SEARCH_PATH=public'
	expect 'IMPORT_TIMEOUT=1m'
	expect 'IMPORT_MAX_CONCURRENCY=2'
	DB_EXCLUDE_TABLES=other PROJECT_OWNER=owner@example.com IMPORT_TIMEOUT=30s run -0 "$ENTRYPOINT" env
	expect 'IMPORT_TIMEOUT=30s'
	expect 'DB_EXCLUDE_TABLES=other,positions'
	expect 'PROJECT_OWNER=owner@example.com'
}

@test "quotes and blanks around a value are no part of it, and an address of the site is one or is refused" {
	local address
	# What is wrong here is only the last one, so that what the others became is seen.
	for address in '"https://race.example.com"' ' https://race.example.com ' HTTPS://race.example.com "'Https://race.example.com'"; do
		# shellcheck disable=SC2016 # for the inner shell
		PUBLIC_URL="$address" EVENT_STREAM=' "12345"' run -0 "$ENTRYPOINT" bash -c 'echo "$PUBLIC_URL $EVENT_STREAM $SESSION_COOKIE_SECURE"'
		expect 'https://race.example.com 12345 true'
	done
	for address in race.example.com:8055 '"https://race.example.com' 'https://race example.com' https:// ftp://race.example.com; do
		PUBLIC_URL="$address" run -78 "$ENTRYPOINT"
		expect 'PUBLIC_URL is "'
		expect 'remedy: give scheme and host'
	done
	# shellcheck disable=SC2016 # for the inner shell
	DB_PASSWORD=' "word" ' run -0 "$ENTRYPOINT" bash -c 'echo "[$DB_PASSWORD]"'
	expect '[ "word" ]'
}
