#!/usr/bin/env bats
# What npm start takes from .env, from secret files and from .local/secrets.env.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # code for in_scripts; each @test is a subshell on purpose; output and status come from bats
load helpers

setup() {
	export TRM_STATE_DIR="$BATS_TEST_TMPDIR/state"
	SECRETS="$TRM_STATE_DIR/secrets.env"
	unset DB_HOST DB_PASSWORD DB_USER REDIS SECRET ADMIN_EMAIL ADMIN_PASSWORD TRM_PG_SUPERUSER_PASSWORD TRM_REDIS_PASSWORD
	mkdir "$TRM_STATE_DIR"
}

# in_scripts COMMAND: runs it where npm start's functions are.
in_scripts() {
	bash -euo pipefail -c "source '$ROOT/scripts/local/lib/common.sh'; $1"
}

@test ".env may have spaces around =, quotes, comments, CRLF and a byte order mark" {
	printf '\xef\xbb\xbfONE=1\r\n# TWO=no\r\n\r\nTWO = 2 # two\r\n export THREE="3 # 3"\r\nFOUR=a=b' >"$BATS_TEST_TMPDIR/env"
	run -0 in_scripts "load_env_file '$BATS_TEST_TMPDIR/env'; printf '%s|' \"\$ONE\" \"\$TWO\" \"\$THREE\" \"\$FOUR\""
	equal "$output" '1|2|3 # 3|a=b|'
}

@test "a line of .env that sets nothing is named by its number and not shown" {
	printf 'ONE=1\nADMIN-PASSWORD=hush\n' >"$BATS_TEST_TMPDIR/env"
	run -78 in_scripts "load_env_file '$BATS_TEST_TMPDIR/env'"
	expect "$BATS_TEST_TMPDIR/env:2 is neither a comment nor NAME=value"
	reject hush
}

@test "npm start takes from NAME_FILE what the entrypoint takes, and refuses the same" {
	printf 'rider@example.com\r\n' >"$BATS_TEST_TMPDIR/email"
	printf 'db.example.com\n' >"$BATS_TEST_TMPDIR/host"
	ADMIN_EMAIL_FILE="$BATS_TEST_TMPDIR/email" DB_HOST_FILE="$BATS_TEST_TMPDIR/host" \
		run -0 in_scripts 'resolve_secret_files; printf "%s|" "$ADMIN_EMAIL" "$DB_HOST" "${ADMIN_EMAIL_FILE-unset}"'
	equal "$output" 'rider@example.com|db.example.com|unset|'
	DB_USER=me DB_USER_FILE="$BATS_TEST_TMPDIR/host" DB_DATABASE_FILE=/nowhere run -78 in_scripts resolve_secret_files
	expect 'both DB_USER and DB_USER_FILE are set'
	expect 'DB_DATABASE_FILE: cannot read the file /nowhere'
}

@test "passwords are made once, each start finds them, and a file without them is completed while there is no cluster" {
	run -0 in_scripts 'ensure_secrets'
	cp "$SECRETS" "$BATS_TEST_TMPDIR/before"
	run -0 in_scripts 'ensure_secrets'
	cmp "$SECRETS" "$BATS_TEST_TMPDIR/before"
	equal "$(cut -d = -f 1 "$SECRETS" | paste -sd ' ')" \
		'SECRET ADMIN_PASSWORD DB_PASSWORD TRM_PG_SUPERUSER_PASSWORD TRM_REDIS_PASSWORD'
	equal "$(stat -c %a "$SECRETS")" 600

	head -n 2 "$BATS_TEST_TMPDIR/before" >"$SECRETS"
	run -0 in_scripts 'ensure_secrets'
	equal "$(wc -l <"$SECRETS")" 5
	equal "$(head -n 2 "$SECRETS")" "$(head -n 2 "$BATS_TEST_TMPDIR/before")"
}

@test "a secrets.env that was cut off, or is gone, stops the start beside a cluster that has its passwords" {
	run -0 in_scripts 'ensure_secrets'
	cp "$SECRETS" "$BATS_TEST_TMPDIR/before"
	mkdir "$TRM_STATE_DIR/postgres"
	echo 15 >"$TRM_STATE_DIR/postgres/PG_VERSION"

	head -n 3 "$BATS_TEST_TMPDIR/before" >"$SECRETS"
	run -78 in_scripts 'ensure_secrets'
	expect 'lacks TRM_PG_SUPERUSER_PASSWORD'
	expect 'npm run reset'
	equal "$(wc -l <"$SECRETS")" 3

	head -c -5 "$BATS_TEST_TMPDIR/before" >"$SECRETS"
	run -78 in_scripts 'ensure_secrets'
	expect 'is cut off'

	rm "$SECRETS"
	run -78 in_scripts 'ensure_secrets'
	expect 'is gone'
	[[ ! -e "$SECRETS" ]]
}

@test "two state directories with long paths have two homes of pm2" {
	local long
	long="$TRM_STATE_DIR/$(printf 'x%.0s' {1..90})"
	local home="export_stack_environment; printf '%s' \"\$PM2_HOME\"; rmdir \"\$PM2_HOME\""
	local first second
	first="$(TRM_STATE_DIR="$long/1" in_scripts "$home")"
	second="$(TRM_STATE_DIR="$long/2" in_scripts "$home")"
	[[ "$first" == /tmp/trm-pm2-* && "$second" == /tmp/trm-pm2-* && "$first" != "$second" ]]
	((${#first} < 90))
}

@test "the console of npm start leaves requests out, fast, slow and aborted, and keeps warnings, events and what looks alike" {
	printf '%s\n' '[21:18:40] GET /server/ping 200 3ms' '[21:18:40] POST /auth/login 200 1s' '[21:18:41] SEARCH /items/events 403 1.2s' \
		'[21:18:42] GET /track/1?x=a%20b 200 1m 2.5s' \
		'[21:18:42] GET /users/me?fields[]=id null 317ms' '[21:18:43] INFO: Server started' '[21:18:44] WARN: took 300 5ms too long' \
		'no clock GET /server/ping 200 3ms' >"$BATS_TEST_TMPDIR/log"
	run -0 in_scripts "without_requests <'$BATS_TEST_TMPDIR/log'"
	equal "$output" $'[21:18:43] INFO: Server started\n[21:18:44] WARN: took 300 5ms too long\nno clock GET /server/ping 200 3ms'
}
