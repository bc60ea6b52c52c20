# shellcheck shell=bash
# Processes that outlive a shell: started in a session of their own, remembered in .local/run, stopped by pid only.

SPAWNED=''

# spawn LOG COMMAND...: its own session, so that Ctrl-C on our terminal does not reach it; leaves the pid in SPAWNED.
# Descriptors 8 and 9 are our locks: a child that kept them would hold the lock after our death.
spawn() {
	local log=$1
	shift
	setsid "$@" </dev/null >>"$log" 2>&1 8>&- 9>&- &
	# shellcheck disable=SC2034 # the caller's
	SPAWNED=$!
}

# spawn_saved NAME LOG COMMAND...: spawn, and save_pid under NAME. A signal waits until the pid is saved, or nobody would stop
# the child. Needs the script's on_signal.
spawn_saved() {
	local name=$1 signalled=false
	shift
	# Not ignored: the child would inherit that.
	trap 'signalled=true' INT TERM HUP PIPE
	spawn "$@"
	save_pid "$name" "$SPAWNED"
	trap on_signal INT TERM HUP PIPE
	if $signalled; then on_signal; fi
}

# The clock tick at which a process started: with the boot id it tells a process from a later one with the same pid.
start_tick() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	stat=${stat##*) }
	# shellcheck disable=SC2086 # fields, split on purpose; field 22 of stat is the 20th after the name
	set -- $stat
	printf '%s' "${20}"
}

save_pid() {
	mkdir -p "$LOCAL/run"
	printf '%s %s %s\n' "$2" "$(start_tick "$2")" "$(cat /proc/sys/kernel/random/boot_id)" >"$LOCAL/run/$1.pid"
}

forget_pid() {
	rm -f "$LOCAL/run/$1.pid"
}

# The pid remembered under NAME, if that very process still runs.
saved_pid() {
	local pid tick boot
	read -r pid tick boot 2>/dev/null <"$LOCAL/run/$1.pid" || return 1
	[[ $boot == "$(cat /proc/sys/kernel/random/boot_id)" && $(start_tick "$pid") == "$tick" ]] || return 1
	is_running "$pid" || return 1
	printf '%s' "$pid"
}

# A zombie has ended: only its parent has not looked yet.
is_running() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	stat=${stat##*) }
	[[ $stat != Z* ]]
}

# wait_gone PID SECONDS: true when the process has ended by then.
wait_gone() {
	local pid=$1 tenths=$(($2 * 10))
	while is_running "$pid"; do
		((tenths-- > 0)) || return 1
		sleep 0.1
	done
}

# stop_saved NAME SIGNAL SECONDS: graceful first, SIGKILL when it does not end in time.
stop_saved() {
	local name=$1 signal=$2 seconds=$3 pid
	if pid=$(saved_pid "$name"); then
		kill "-$signal" "$pid" 2>/dev/null || true
		if ! wait_gone "$pid" "$seconds"; then
			complain "$name (pid $pid) did not stop within $seconds s: killing it."
			kill -KILL "$pid" 2>/dev/null || true
			wait_gone "$pid" 5 || true
		fi
	fi
	forget_pid "$name"
}

# Kills what a dead leader left in its session. Only processes whose working directory is DIR: that they are ours is
# then certain even if the kernel gave the leader's pid to somebody else since.
kill_orphans() {
	local session=$1 dir=$2 proc stat
	for proc in /proc/[0-9]*; do
		stat=$(cat "$proc/stat" 2>/dev/null) || continue
		stat=${stat##*) }
		# shellcheck disable=SC2086 # fields, split on purpose: state, parent, group, session
		set -- $stat
		if [[ $4 == "$session" && $(readlink "$proc/cwd") == "$dir" ]]; then
			kill -KILL "${proc#/proc/}" 2>/dev/null || true
		fi
	done
}

# pids of processes whose working directory is DIR.
processes_in() {
	local proc
	for proc in /proc/[0-9]*; do
		if [[ $(readlink "$proc/cwd" 2>/dev/null) == "$1" ]]; then printf '%s\n' "${proc#/proc/}"; fi
	done
}
