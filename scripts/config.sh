#!/usr/bin/env bash
# Access and settings as code: applies them, says how the database differs, or writes down how it is.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/.." && pwd)"
LIB="$HERE/lib"
LOG_TAG=config
# shellcheck source=lib/log.sh
source "$LIB/log.sh"
# shellcheck source=lib/directus.sh
source "$LIB/directus.sh"
# shellcheck source=lib/snapshots.sh
source "$LIB/snapshots.sh"
# shellcheck source=lib/local-stack.sh
source "$LIB/local-stack.sh"

# Of diff. Directus's command line ends with 1 for reasons of its own too: there are differences when there is a report of them.
readonly DIFFERENT=1 FAILED=2

usage() {
	cat <<-'TEXT'
		usage: config.sh apply [--allow-delete]   bring the database to ACCESS_PATH and SETTINGS_PATH, in one transaction
		       config.sh diff [--json]            how the database differs from them; writes nothing to it
		       config.sh snapshot [--write]       what ACCESS_PATH declares, as the database has it now; into that file with --write
		Of the database of DB_*, or where DB_HOST is not set of the local stack (npm start).
		exit: apply and snapshot: 0 done, 1 refused or failed; diff: 0 the same, 1 different, 2 not comparable; 64 usage, 78 configuration
	TEXT
}

find_database() {
	require_readable_snapshots
	[[ -z "${DB_HOST:-}${DB_CONNECTION_STRING:-}" ]] || return 0
	[[ -f "$STACK_ENV" ]] || die "$EXIT_CONFIG" "no database: no DB_HOST, no $STACK_ENV; remedy: set DB_*, or npm start"
	use_local_stack
	[[ -f "$DIRECTUS_CLI" ]] || DIRECTUS_CLI="$ROOT/node_modules/directus/cli.js"
	export PATH="$ROOT/node_modules/.bin:$PATH"
	cd "$ROOT"
}

apply() {
	find_database
	run_config_command apply "$@"
}

# compare FORMAT REPORT: the status of `trm config diff`, or of what kept it from running.
compare() {
	find_database
	if [[ "$1" == text ]]; then
		run_config_command diff --report "$2"
	else
		# Directus's own log lines go to stdout, which is the report's alone.
		run_config_command diff --report "$2" >&2
	fi
}

diff() {
	local format=text report code=0
	[[ "$*" != --json ]] || format=json
	make_temporary report
	(compare "$format" "$report") || code=$?
	[[ -s "$report" && "$code" -le "$DIFFERENT" ]] ||
		die "$FAILED" "the comparison failed with status $code, see the lines above; nothing is known of access and settings"
	if [[ "$format" == json ]]; then cat "$report"; fi
	return "$code"
}

# stdout is the file's alone. It is written beside its place first, so that the move is one step.
snapshot() {
	local captured code=0
	make_temporary captured
	(find_database && run_config_command snapshot --output "$captured" >&2) || code=$?
	((code == 0)) || die "$code" 'the capture failed, see the lines above; nothing was written'
	if [[ "$*" != --write ]]; then
		cat "$captured"
	elif cmp -s "$captured" "$ACCESS_PATH"; then
		log "$ACCESS_PATH is up to date" >&2
	else
		cat "$captured" >"$ACCESS_PATH.new"
		mv "$ACCESS_PATH.new" "$ACCESS_PATH"
		log "wrote $ACCESS_PATH" >&2
	fi
}

# make_temporary NAME sets NAME to an empty file that goes with this process.
make_temporary() {
	local made
	made="$(mktemp "${TMPDIR:-/tmp}/trm-config.XXXXXX")" || die "$FAILED" 'no temporary file can be made; remedy: make TMPDIR or /tmp writable'
	# shellcheck disable=SC2064 # the name as it is now
	trap "rm -f '$made'" EXIT
	printf -v "$1" '%s' "$made"
}

main() {
	case "$*" in
		-h | --help) usage ;;
		apply | 'apply --allow-delete' | diff | 'diff --json' | snapshot | 'snapshot --write') "$@" ;;
		diff*) usage >&2; die "$FAILED" "unknown arguments: $*" ;;
		*) usage >&2; die 64 "unknown arguments: $*" ;;
	esac
}

main "$@"
