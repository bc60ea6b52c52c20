# shellcheck shell=bash
# The directory of one run of npm test or of a benchmark, its Postgres, and ending what a run left.

RUN=''

# The EXIT trap: ends what runs, and its directory, and keeps the status.
finish() {
	local status=$?
	trap '' INT TERM HUP PIPE
	set +e
	end_step
	if [[ -n $RUN ]]; then discard_run "$RUN"; fi
	exit "$status"
}

# attend COMMAND...: runs it with its output on the terminal, in a process group that end_step can end as a whole.
attend() {
	local status=0
	set -m
	("$@") </dev/null 9>&- &
	STEP_PIDS['attended']=$!
	set +m
	wait "${STEP_PIDS['attended']}" || status=$?
	unset 'STEP_PIDS[attended]'
	return "$status"
}

# Every run has a directory of its own and holds its lock; one whose lock is free was killed.
begin_run() {
	local old
	need_state_directory
	mkdir -p "$LOCAL/test" "$LOCAL/log"
	for old in "$LOCAL"/test/run.*; do
		if [[ -d $old ]] && flock -n "$old" true; then discard_run "$old"; fi
	done
	RUN=$(mktemp -d "$LOCAL/test/run.XXXXXXXX")
	# User postgres has to reach the cluster inside, and nothing here is secret.
	chmod 755 "$RUN"
	exec 9<"$RUN"
	flock 9
	# The tests of npm start keep their stack here, since it outlives them when they are interrupted.
	export TRM_TEST_RUN=$RUN
	# Two hundred starts of Node in one run: compile once.
	export NODE_COMPILE_CACHE=$RUN/compiled
}

discard_run() {
	local state=$1/stack
	if [[ -d $state ]]; then
		# Set and empty: what a .env in the repository says does not count then.
		DB_HOST='' TRM_STATE_DIR=$state bash "$ROOT/scripts/local/reset.sh" --yes >/dev/null || true
	fi
	local cluster
	for cluster in "$1/postgres" "$1/chaos/postgres"; do
		pg_stop "$cluster"
		pg_remove "$cluster"
	done
	rm -rf "$1"
}

# start_postgres [-c NAME=VALUE]...
start_postgres() {
	if [[ -n ${TEST_PG_URL:-} ]]; then
		say 'Testing on the Postgres of TEST_PG_URL'
		PATH=$(postgres_bin):$PATH
		return
	fi
	local port
	port=$(free_port)
	TRM_PG_SUPERUSER_PASSWORD=$(random_text 20)
	# shellcheck disable=SC2034 # for pg_init
	PG_INIT_OPTIONS=(--no-sync)
	# Durability is tested on clusters that the tests make themselves; here a crash loses nothing of worth.
	pg_start "$RUN/postgres" "$port" "$LOCAL/log/test-postgres.log" -c fsync=off -c synchronous_commit=off \
		-c full_page_writes=off -c max_connections=300 "$@"
	export TEST_PG_URL=postgres://postgres:$TRM_PG_SUPERUSER_PASSWORD@127.0.0.1:$port/postgres
	say "Postgres for the tests is up on 127.0.0.1:$port"
}
