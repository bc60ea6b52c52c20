# shellcheck shell=bash
# One line per step with the seconds since the start, and a heartbeat under a step that takes long.

TRM_BEGAN=${EPOCHREALTIME/[.,]/}
# Of the steps that are running, by name.
declare -A STEP_PIDS=() STEP_LABELS=() STEP_BEGAN=()

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
	start_step "$@"
	await_step "$1" '  '
}

# start_step NAME LABEL COMMAND...: a step beside those that follow it, until await_step NAME.
start_step() {
	local name=$1 label=$2
	shift 2
	mkdir -p "$LOCAL/log"
	say "$label …"
	set -m
	("$@") </dev/null >"$LOCAL/log/$name.log" 2>&1 9>&- &
	STEP_PIDS[$name]=$!
	set +m
	STEP_LABELS[$name]=$label
	STEP_BEGAN[$name]=$SECONDS
}

# await_step NAME [INDENT]: its exit status; with its last lines where it failed. Its lines begin with its label, or the indent.
await_step() {
	local name=$1 pid=${STEP_PIDS[$1]} label=${STEP_LABELS[$1]} began=${STEP_BEGAN[$1]} log=$LOCAL/log/$1.log status=0
	local lead=${2:-$label: } beat=$((SECONDS - began + 10))
	while kill -0 "$pid" 2>/dev/null; do
		pause 0.1
		if ((SECONDS - began >= beat)); then
			say "${lead}… still at it after $((SECONDS - began)) s$(last_line "$log")"
			beat=$((beat + 10))
		fi
	done
	wait "$pid" || status=$?
	unset "STEP_PIDS[$name]"
	if ((status != 0)); then
		complain '' "$label: failed with exit $status. The end of .local/log/$name.log:" "$(tail -n 30 "$log")"
		return "$status"
	fi
	if ((SECONDS - began >= 2)); then say "${lead}done in $((SECONDS - began)) s"; fi
}

# settle_step NAME: waits for a step, if it was started, however it ends: what it has not done is done again where it is needed.
settle_step() {
	[[ -n ${STEP_PIDS[$1]:-} ]] || return 0
	while kill -0 "${STEP_PIDS[$1]}" 2>/dev/null; do pause 0.1; done
	wait "${STEP_PIDS[$1]}" || true
	unset "STEP_PIDS[$1]"
}

last_line() {
	local line
	line=$(tail -n 1 "$1" 2>/dev/null | tr -d '\r' | tr -cd '[:print:]') || true
	if [[ -n $line ]]; then printf ': %s' "${line:0:90}"; fi
}

# Ends the steps that are running, if any are, with everything they started.
end_step() {
	local pid
	for pid in "${STEP_PIDS[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
	for pid in "${STEP_PIDS[@]}"; do
		local _
		for _ in {1..100}; do
			kill -0 -- "-$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL -- "-$pid" 2>/dev/null || true
	done
	STEP_PIDS=()
}

# Directus logs requests beside warnings and events, as "[12:34:56] GET /server/ping 200 3ms" (1.2s, 1m 2s when slow;
# null in place of the status where the client left before the answer).
# Prints what else stands in the log that it reads.
without_requests() {
	LC_ALL=C grep -a --line-buffered -Ev '^\[[0-9]{2}:[0-9]{2}:[0-9]{2}\] [A-Z]+ .* ([0-9]{3}|null)( ?[0-9.]+(ms|s|m|h|d))+$'
}
