# shellcheck shell=bash
# Log lines and exit codes shared by the boot scripts. The caller sets LOG_TAG.

# sysexits(3), so that an orchestrator can tell a wrong setting from a server that is down.
# shellcheck disable=SC2034 # used by the scripts that source this file
readonly EXIT_FAILURE=1 EXIT_USAGE=2 EXIT_UNAVAILABLE=69 EXIT_CONFIG=78

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

# Complains and fails unless the variable NAME holds a whole number of seconds.
require_seconds() {
	[[ "${!1}" =~ ^(0|[1-9][0-9]{0,5})$ ]] || die "$EXIT_CONFIG" "$1 is \"${!1}\"; remedy: give whole seconds, such as 60"
}
