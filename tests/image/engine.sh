# shellcheck shell=bash
# A Docker engine that can build our Dockerfile: the one that answers, or one of our own. Only the socket's place is new to callers.

engine_pid=''
engine_run=''
engine_problem=''

# use_engine CACHE: puts a docker that works first on PATH and sets DOCKER_HOST; fails, with the reason in engine_problem. An engine
# of our own keeps its images in CACHE.
use_engine() {
	local path
	while IFS= read -r path; do
		if "$path" version >/dev/null 2>&1 && can_build "$path"; then
			PATH="${path%/*}:$PATH"
			return 0
		fi
	done < <(type -ap docker)
	[[ -x /usr/sbin/dockerd && $EUID == 0 ]] || { engine_problem='no Docker engine answers, and there is no root to start one'; return 1; }
	PATH="/usr/bin:$PATH"
	start_engine "$1"
}

# BuildKit is part of the program up to version 22, and a plugin after that.
can_build() {
	local version
	version="$("$1" version --format '{{.Client.Version}}')"
	((${version%%.*} < 23)) || "$1" buildx version >/dev/null 2>&1
}

start_engine() {
	local cache=$1 attempt
	mkdir -p "$cache"
	# In /tmp, because the name of a socket has at most 107 bytes.
	engine_run="$(mktemp -d /tmp/trm-docker.XXXXXX)"
	exec 7>"$cache.lock"
	# One engine for each cache: a run beside this one has to do without.
	flock -n 7 || cache="$engine_run/data"
	dockerd --data-root "$cache" --exec-root "$engine_run/exec" --pidfile "$engine_run/pid" -H "unix://$engine_run/docker.sock" \
		>"$engine_run/log" 2>&1 7>&- &
	engine_pid=$!
	export DOCKER_HOST="unix://$engine_run/docker.sock"
	for ((attempt = 0; attempt < 120; attempt++)); do
		if docker version >/dev/null 2>&1; then return 0; fi
		kill -0 "$engine_pid" 2>/dev/null || break
		sleep 0.5
	done
	# shellcheck disable=SC2034 # for the caller
	engine_problem="dockerd does not start: $(grep -E 'level=(error|fatal)|failed' "$engine_run/log" | tail -n 1)"
	stop_engine
	return 1
}

stop_engine() {
	[[ -n "$engine_pid" ]] || return 0
	kill -TERM "$engine_pid" 2>/dev/null
	wait "$engine_pid" 2>/dev/null
	engine_pid=''
	rm -rf "$engine_run"
}
