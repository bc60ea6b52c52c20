# shellcheck shell=bash
# Running the steps of the boot so that a signal ends them, and measuring them.

step_pid=''
step_names=()
step_seconds=()
boot_started=$EPOCHREALTIME
mark_started=$EPOCHREALTIME

# step NUMBER NAME COMMAND… runs one step of the boot, and ends the boot with the step's exit status when it fails.
step() {
	local number=$1 name=$2 code=0
	shift 2
	check_boot_lock
	log "step $number/5: $name"
	mark_started=$EPOCHREALTIME
	run_in_group "$@" || code=$?
	if ((code != 0)); then
		log_error "step $number/5: $name failed with status $code; the boot stops here, nothing is served; remedy: see the lines above, then start again"
		exit "$code"
	fi
	mark_duration "$name"
}

# skip_step NUMBER NAME REASON
skip_step() {
	log "step $1/5: $2: skipped, $3"
}

# A process group of its own for each step: a container's runtime signals only this shell, which must end all of it.
run_in_group() {
	local code=0
	set -m
	"$@" </dev/null &
	step_pid=$!
	set +m
	wait "$step_pid" || code=$?
	step_pid=''
	return "$code"
}

# quietly COMMAND… shows what the command printed only when it fails.
quietly() {
	local output code=0
	output="$("$@" 2>&1)" || code=$?
	((code == 0)) || printf '%s\n' "$output" >&2
	return "$code"
}

catch_signals() {
	trap 'stop_boot 143' TERM
	trap 'stop_boot 130' INT
	trap 'stop_boot 129' HUP
	trap end_step EXIT
}

leave_signals() {
	trap - TERM INT HUP EXIT PIPE
}

# A second signal must not cut the ending of the first short: the step would go on without the boot lock.
stop_boot() {
	trap '' TERM INT HUP
	log_error 'a signal ended the boot; start again, it continues where it stopped'
	exit "$1"
}

# Ends the running step with all its processes, killing what is still there after three seconds, then the lock's session.
end_step() {
	trap '' TERM INT HUP
	local pid=$step_pid attempt
	step_pid=''
	if [[ -n "$pid" ]] && kill -TERM -- "-$pid" 2>/dev/null; then
		for ((attempt = 0; attempt < 30; attempt++)); do
			kill -0 -- "-$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL -- "-$pid" 2>/dev/null || true
	fi
	session_kill
}

# Tenths of a second since the given EPOCHREALTIME, as "1.2". Its decimal sign depends on the locale.
seconds_since() {
	local now=${EPOCHREALTIME//[.,]/} tenths
	tenths=$(((now - ${1//[.,]/}) / 100000))
	printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

mark_duration() {
	step_names+=("$1")
	step_seconds+=("$(seconds_since "$mark_started")")
}

durations() {
	local index text=''
	for index in "${!step_names[@]}"; do
		text+="${text:+, }${step_names[index]} ${step_seconds[index]} s"
	done
	printf '%s' "$text"
}

total_duration() {
	seconds_since "$boot_started"
}
