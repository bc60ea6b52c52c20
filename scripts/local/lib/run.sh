# shellcheck shell=bash
# The directory of one run of npm test, and ending what a run left.

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
	pg_stop "$1/postgres"
	pg_remove "$1/postgres"
	rm -rf "$1"
}
