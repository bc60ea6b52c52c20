# shellcheck shell=bash
# One psql kept open beside the shell as a coprocess: SQL goes in, the answer comes back in session_answer.
# The session lives exactly as long as the shell: when the shell dies, psql reads the end of its input and leaves.

readonly SESSION_END='--trm-end-of-answer--'
session_answer=''
session_pid=''
# Seconds after which session_ask gives an answer up for lost; empty waits for ever.
session_limit=''
# What session_ask says every ten seconds while it waits; empty says nothing.
session_waiting_for=''

# session_open DIRECTORY starts psql, with \i relative to DIRECTORY.
session_open() {
	local directory=$1
	# A handler, not '': children must not inherit an ignored SIGPIPE. Without it a psql that died takes the shell along, unsaid.
	trap : PIPE
	coproc SESSION {
		cd "$directory" && exec psql -XAtqwb -F $'\t' -v ON_ERROR_STOP=1
	}
	# Bash clears SESSION as soon as it has reaped the process.
	session_pid=$SESSION_PID session_out=${SESSION[0]} session_in=${SESSION[1]}
	session_ask "$(include "$LIB/session-boot.sql")" && refuse_shared_connections
}

# A pooler in transaction mode runs each statement of a session on whichever connection is free: what is set is lost, and a lock belongs to
# nobody. Then a second session gets the connection that this one does not use at the moment.
refuse_shared_connections() {
	session_ask 'SELECT pg_backend_pid();' || return 1
	[[ "$session_answer" != "$(pg_query 'SELECT pg_backend_pid()')" ]] ||
		die "$EXIT_CONFIG" "$PGHOST:$PGPORT is a pooler that shares one connection between sessions (PgBouncer's pool_mode transaction or statement); remedy: pool_mode = session for this database, or the address of Postgres itself"
}

# session_ask SQL: 0 and session_answer, or 1 when the session is gone (psql has said why on stderr).
session_ask() {
	local line waited=0
	session_answer=''
	[[ -n "${SESSION_PID:-}" ]] || return 1
	{ printf '%s\n\\echo %s\n' "$1" "$SESSION_END" >&"$session_in"; } 2>/dev/null || return 1
	while true; do
		if IFS= read -r -t 10 -u "$session_out" line; then
			[[ "$line" != "$SESSION_END" ]] || break
			session_answer+="${session_answer:+$'\n'}$line"
		elif (($? > 128)); then
			waited=$((waited + 10))
			if [[ -n "$session_limit" ]] && ((waited >= session_limit)); then
				session_kill
				return 1
			fi
			[[ -z "$session_waiting_for" ]] || log "$session_waiting_for ($waited s)"
		else
			return 1
		fi
	done 2>/dev/null
}

# session_refused_sql: whether psql ended because of an SQL error, which it has logged, and not because the connection broke.
session_refused_sql() {
	local code=0
	[[ -n "$session_pid" ]] || return 1
	wait "$session_pid" 2>/dev/null || code=$?
	session_pid=''
	((code == 3))
}

# include FILE prints the psql command that runs it, whatever quotes its path has.
include() {
	printf "\\\\i '%s'" "${1//\'/\'\'}"
}

# session_lock NAME SECONDS takes the advisory lock hashtext(NAME): 0 taken, 1 session lost, 2 not within SECONDS (empty: no limit).
# It polls, because a waiting pg_advisory_lock() holds a snapshot, and a CREATE INDEX CONCURRENTLY of the
# holder would wait for that snapshot: neither would ever go on.
session_lock() {
	local name=$1 timeout=$2 started=$SECONDS said=-10
	while session_ask "SELECT pg_try_advisory_lock(hashtext('$name'));"; do
		[[ "$session_answer" != t ]] || return 0
		if [[ -n "$timeout" ]] && ((SECONDS - started >= timeout)); then
			return 2
		fi
		if ((SECONDS - said >= 10)); then
			said=$SECONDS
			session_ask "$(session_lock_holder_query "$name")" || return 1
			log "waiting for the lock $name, $((SECONDS - started)) s so far${session_answer:+; $session_answer holds it}"
		fi
		sleep 0.2
	done
	return 1
}

session_lock_holder_query() {
	cat <<-SQL
		SELECT format('%s (pid %s, %s, connected since %s)', a.application_name, a.pid, coalesce(host(a.client_addr), 'local'), a.backend_start::timestamptz(0))
		FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND a.datname = current_database()
			AND l.objid = (hashtext('$1')::bigint & 4294967295)::oid LIMIT 1;
	SQL
}

# session_close lets psql finish; session_kill does not. Both reap it.
session_close() {
	[[ -n "$session_pid" ]] || return 0
	{ printf '\\q\n' >&"$session_in"; } 2>/dev/null || true
	wait "$session_pid" 2>/dev/null || true
	session_pid=''
}

session_kill() {
	[[ -n "$session_pid" ]] || return 0
	kill -TERM "$session_pid" 2>/dev/null || true
	wait "$session_pid" 2>/dev/null || true
	session_pid=''
}
