# shellcheck shell=bash
# What is running for this repository, and stopping it in the order in which nothing is lost.

# Directus first (it still writes), then Redis, then Postgres.
stop_stack() {
	rm -f "$LOCAL/stack.env"
	local leader
	leader=$(cut -d ' ' -f 1 "$LOCAL/run/directus.pid" 2>/dev/null) || leader=''
	stop_saved directus TERM 30
	if [[ -n $leader ]]; then kill_orphans "$leader" "$ROOT"; fi
	redis_stop
	pg_stop "$LOCAL/postgres"
}

stack_leftovers() {
	saved_pid directus >/dev/null || saved_pid redis >/dev/null || pg_pid "$LOCAL/postgres" >/dev/null
}

need_state_directory() {
	if ! mkdir -p "$LOCAL" 2>/dev/null || [[ ! -w $LOCAL || ! -x $LOCAL || (-e $LOCAL/start.lock && ! -w $LOCAL/start.lock) ]]; then
		die 78 "The state directory $LOCAL cannot be written by user $(id -un)." \
			'Correct its owner or its place (TRM_STATE_DIR; unset, it is .local in the repository).'
	fi
}

# The lock is held by the npm start that is in the foreground, for as long as it lives.
lock_stack() {
	need_state_directory
	exec 9>>"$LOCAL/start.lock"
	flock -n 9
}

# Stops the npm start of another shell, or what a killed one left. Fails when nothing was running.
stop_other() {
	local pid
	if ! lock_stack; then
		if ! pid=$(saved_pid start); then
			die 75 'Another npm start, stop or reset is at work here; try again in a moment.'
		fi
		say "Stopping the stack of npm start (pid $pid) …"
		kill -TERM "$pid"
		if ! flock -w 90 9; then
			die 75 "npm start (pid $pid) has not ended within 90 s. Look at .local/log/, then: kill -KILL $pid && npm run stop"
		fi
	elif stack_leftovers; then
		say 'Stopping what a killed npm start left running …'
		stop_stack
	else
		return 1
	fi
}
