#!/usr/bin/env bats
# npm start, npm run stop and npm run reset, as typed, with state and ports of their own.
# shellcheck disable=SC2030,SC2031 # each @test is a subshell on purpose
load helpers
# shellcheck source=../../scripts/local/lib/ports.sh
source "$ROOT/scripts/local/lib/ports.sh"
# shellcheck source=../../scripts/local/lib/process.sh
source "$ROOT/scripts/local/lib/process.sh"

setup_file() {
	# Set and empty: what a .env in the repository says does not count then.
	export DB_HOST='' DB_PASSWORD='' REDIS='' SECRET='' ADMIN_EMAIL='' ADMIN_PASSWORD='' HOST='' PUBLIC_URL=''
	# Below the directory of npm test's run, where that stops what an interrupted test leaves.
	export TRM_STATE_DIR="${TRM_TEST_RUN:-$BATS_FILE_TMPDIR}/stack" TRM_SEED=none LOG="$BATS_FILE_TMPDIR/start.log"
	PORT="$(free_port)" TRM_PG_PORT="$(free_port)" TRM_REDIS_PORT="$(free_port)"
	export PORT TRM_PG_PORT TRM_REDIS_PORT
}

teardown_file() {
	npm run reset -- --yes >/dev/null
}

# Leaves the leader of npm's process group in GROUP: a terminal sends Ctrl-C to the group.
start_stack() {
	: >"$LOG"
	setsid npm start >>"$LOG" 2>&1 </dev/null 3>&- &
	GROUP=$!
	local deadline=$((SECONDS + 600))
	until grep -q 'Ready\.' "$LOG"; do
		if ! is_running "$GROUP" || ((SECONDS > deadline)); then
			cat "$LOG"
			return 1
		fi
		sleep 0.2
	done
}

stack_value() {
	sed -n "s/^$1=//p" "$TRM_STATE_DIR/stack.env"
}

stack_sql() {
	psql -XAtq "$(stack_value DATABASE_URL)" -c "$1"
}

stack_redis() {
	redis-cli --no-auth-warning -u "$(stack_value REDIS_URL)" "$@"
}

# The status with which Directus answers the password in stack.env.
sign_in() {
	# shellcheck disable=SC2016 # JavaScript
	node -e 'const [url, email, password] = process.argv.slice(1);
		fetch(`${url}/auth/login`, { method: "POST", headers: { "content-type": "application/json" },
			body: JSON.stringify({ email, password }) }).then((response) => console.log(response.status))' \
		"$(stack_value PUBLIC_URL)" "$(stack_value ADMIN_EMAIL)" "$(stack_value ADMIN_PASSWORD)"
}

nothing_listens() {
	local port
	for port in "$PORT" "$TRM_PG_PORT" "$TRM_REDIS_PORT"; do
		if listener_inode "$port"; then return 1; fi
	done
}

@test "npm start serves with the password it tells, refuses a second, and Ctrl-C ends all of it with exit 0" {
	start_stack
	[ "$(sign_in)" = 200 ]
	# Requests are in the log, and the console stays free for warnings and events.
	grep -q 'POST /auth/login 200' "$TRM_STATE_DIR/log/directus.log"
	grep -q 'Server started' "$LOG"
	run ! grep -q '/auth/login' "$LOG"
	[ "$(stat -c %a "$TRM_STATE_DIR/stack.env" "$TRM_STATE_DIR/secrets.env" | sort -u)" = 600 ]
	stack_sql 'CREATE TABLE kept (i integer); INSERT INTO kept VALUES (1)'
	[ "$(stack_redis SET kept 1)" = OK ]

	run npm start
	[ "$status" -eq 75 ]
	[[ "$output" == *'already running'*'npm run stop'* ]]

	local status=0
	kill -INT -- "-$GROUP"
	wait "$GROUP" || status=$?
	[ "$status" -eq 0 ]
	nothing_listens
	[ ! -e "$TRM_STATE_DIR/stack.env" ]
}

@test "the data is there the next time, also after everything was killed -9, and npm run stop ends it" {
	start_stack
	[ "$(stack_sql 'SELECT i FROM kept')" = 1 ]
	[ "$(stack_redis GET kept)" = 1 ]
	stack_sql 'INSERT INTO kept VALUES (2)'
	[ "$(stack_redis SET kept 2)" = OK ]
	local file
	for file in "$TRM_STATE_DIR"/run/{start,directus,redis}.pid "$TRM_STATE_DIR/postgres/postmaster.pid"; do
		kill -KILL "$(head -n 1 "$file" | cut -d ' ' -f 1)"
	done
	kill -KILL "$GROUP" || true

	start_stack
	[ "$(stack_sql 'SELECT count(*) FROM kept')" = 2 ]
	[ "$(stack_redis GET kept)" = 2 ]

	run npm run stop
	[ "$status" -eq 0 ]
	nothing_listens
	run npm run stop
	[[ "$output" == *'Nothing of this repository is running.' ]]
}

@test "a server that dies ends npm start with its last lines, and with what production does then" {
	start_stack
	pkill -KILL -P "$(head -n 1 "$TRM_STATE_DIR/run/directus.pid" | cut -d ' ' -f 1)"
	local status=0
	wait "$GROUP" || status=$?
	[ "$status" -ne 0 ]
	grep -q 'Directus ended by itself with exit' "$LOG"
	grep -q 'In production its container is started again by itself' "$LOG"
	nothing_listens
}

@test "a taken port is named with its holder and the variable to change" {
	node -e 'require("net").createServer().listen(process.env.TRM_PG_PORT, "127.0.0.1")' 3>&- &
	local holder=$!
	until listener_inode "$TRM_PG_PORT"; do sleep 0.1; done
	run npm start
	kill "$holder"
	[ "$status" -eq 69 ]
	[[ "$output" == *"Port $TRM_PG_PORT, wanted for Postgres, is taken by pid $holder (node)"*'TRM_PG_PORT='* ]]
}

@test "a port given twice, and a state directory that cannot be written, are named with the variable, exit 78" {
	PORT="$TRM_REDIS_PORT" run npm start
	[ "$status" -eq 78 ]
	[[ "$output" == *"PORT and TRM_REDIS_PORT are both $TRM_REDIS_PORT"* ]]
	: >"$BATS_TEST_TMPDIR/file"
	TRM_STATE_DIR="$BATS_TEST_TMPDIR/file/state" run npm start
	[ "$status" -eq 78 ]
	[[ "$output" == *"$BATS_TEST_TMPDIR/file/state cannot be written"*TRM_STATE_DIR* ]]
}

@test "npm test stops and deletes the stack that an interrupted run of these tests left" {
	export TRM_STATE_DIR="$BATS_FILE_TMPDIR/interrupted/stack"
	start_stack
	local cluster
	cluster="$(realpath "$TRM_STATE_DIR/postgres")"
	bash -c "source scripts/local/lib/common.sh; source scripts/local/lib/run.sh; discard_run '$BATS_FILE_TMPDIR/interrupted'"
	nothing_listens
	[ ! -e "$cluster" ]
	[ ! -e "$BATS_FILE_TMPDIR/interrupted" ]
}

@test "npm run reset wants a yes, spares a server that is not ours, and leaves nothing behind" {
	run npm run reset
	[ "$status" -eq 78 ]
	[ -e "$TRM_STATE_DIR/secrets.env" ]
	DB_HOST=db.example.com run npm run reset -- --yes
	[ "$status" -eq 78 ]
	[ -e "$TRM_STATE_DIR/secrets.env" ]

	local cluster
	cluster="$(realpath "$TRM_STATE_DIR/postgres")"
	[ -e "$cluster/PG_VERSION" ]
	run npm run reset -- --yes
	[ "$status" -eq 0 ]
	[ ! -e "$cluster" ]
	[ ! -e "$TRM_STATE_DIR/secrets.env" ]
}
