# shellcheck shell=bash
# One line per step with the seconds since the start, and a heartbeat under a step that takes long.

TRM_BEGAN=${EPOCHREALTIME/[.,]/}
STEP_PID=''

# Seconds since the start with one decimal.
elapsed() {
	local tenths=$(((${EPOCHREALTIME/[.,]/} - TRM_BEGAN) / 100000))
	printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

say() {
	printf '[%6ss] %s\n' "$(elapsed)" "$*" || true
}

complain() {
	printf '%s\n' "$@" >&2 || true
}

# die STATUS LINE...: what happened and what to do, on stderr. Statuses as in sysexits.h: 69 unavailable, 75 try again
# later, 78 configuration.
die() {
	local status=$1
	shift
	complain '' "$@"
	exit "$status"
}

# Waits so that a signal is handled at once and not when the sleep ends.
pause() {
	sleep "$1" >/dev/null 2>&1 8>&- 9>&- &
	wait $! || true
}

# run_step NAME LABEL COMMAND...: output goes to .local/log/NAME.log, a heartbeat to the terminal every 10 seconds.
# The command (a function is fine) runs in a process group of its own: Ctrl-C reaches it through end_step only.
run_step() {
	local name=$1 label=$2 log=$LOCAL/log/$1.log began=$SECONDS status=0 beat=10
	shift 2
	mkdir -p "$LOCAL/log"
	say "$label …"
	set -m
	("$@") </dev/null >"$log" 2>&1 9>&- &
	STEP_PID=$!
	set +m
	while kill -0 "$STEP_PID" 2>/dev/null; do
		pause 0.1
		if ((SECONDS - began >= beat)); then
			say "  … still at it after $((SECONDS - began)) s$(last_line "$log")"
			beat=$((beat + 10))
		fi
	done
	wait "$STEP_PID" || status=$?
	STEP_PID=''
	if ((status != 0)); then
		complain '' "$label: failed with exit $status. The end of .local/log/$name.log:" "$(tail -n 30 "$log")"
		return "$status"
	fi
	if ((SECONDS - began >= 2)); then say "  done in $((SECONDS - began)) s"; fi
}

last_line() {
	local line
	line=$(tail -n 1 "$1" 2>/dev/null | tr -d '\r' | tr -cd '[:print:]') || true
	if [[ -n $line ]]; then printf ': %s' "${line:0:90}"; fi
}

# Ends the step that is running, if one is, with everything it started.
end_step() {
	[[ -n $STEP_PID ]] || return 0
	kill -TERM -- "-$STEP_PID" 2>/dev/null || true
	local _
	for _ in {1..100}; do
		kill -0 -- "-$STEP_PID" 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL -- "-$STEP_PID" 2>/dev/null || true
	STEP_PID=''
}
