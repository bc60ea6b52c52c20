# shellcheck shell=bash
# Log lines and exit codes of the scripts about images and snapshots. The caller sets LOG_TAG.

# sysexits(3), so that an orchestrator can tell a wrong setting from a server that is down.
# shellcheck disable=SC2034 # used by the scripts that source this file
readonly EXIT_FAILURE=1 EXIT_UNAVAILABLE=69 EXIT_CONFIG=78

log() {
	printf '[%s] %s\n' "$LOG_TAG" "$*"
}

log_error() {
	printf '[%s] error: %s\n' "$LOG_TAG" "$*" >&2
}

# die CODE MESSAGE…
die() {
	local code=$1
	shift
	log_error "$@"
	exit "$code"
}
