#!/usr/bin/env bash
# How the live schema, access and settings differ from the snapshots. Writes nothing to the database.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
LIB="$HERE/lib"
LOG_TAG=schema-drift
# shellcheck source=lib/log.sh
source "$LIB/log.sh"
# shellcheck source=lib/directus.sh
source "$LIB/directus.sh"
# shellcheck source=lib/snapshots.sh
source "$LIB/snapshots.sh"

readonly SAME=0 DRIFT=1 FAILED=2
# Of `trm schema drift`: unlike 1, nothing else ends Directus's command line with it.
readonly FOUND_DIFFERENCES=2

usage() {
	cat <<-'TEXT'
		usage: schema-drift.sh [--json]   compare the database of DB_* with SNAPSHOT_PATH, ACCESS_PATH and SETTINGS_PATH
		exit: 0 they are the same, 1 they differ, 2 they could not be compared
	TEXT
}

# compare FORMAT REPORT: the status of `trm schema drift`, or of what refused to run it.
compare() {
	require_readable_snapshots
	if [[ "$1" == text ]]; then
		run_schema_command drift
	else
		# Directus's own log lines go to stdout, which is the report's alone.
		run_schema_command drift --report "$2" >&2
	fi
}

main() {
	local format=text report='' code=0
	case "$*" in
		'') ;;
		--json) format=json ;;
		-h | --help) usage; return ;;
		*) usage >&2; die "$FAILED" "unknown argument: $*" ;;
	esac
	if [[ "$format" == json ]]; then
		report="$(mktemp "${TMPDIR:-/tmp}/trm-drift.XXXXXX")" || die "$FAILED" 'no temporary file can be made; remedy: make TMPDIR or /tmp writable'
		# shellcheck disable=SC2064 # the name as it is now
		trap "rm -f '$report'" EXIT
	fi
	(compare "$format" "$report") || code=$?
	[[ "$code" == 0 || "$code" == "$FOUND_DIFFERENCES" ]] ||
		die "$FAILED" "the comparison failed with status $code, see the lines above; nothing is known of the schema"
	if [[ "$format" == json ]]; then
		[[ -s "$report" ]] || die "$FAILED" 'the comparison left no report; nothing is known of the schema'
		cat "$report"
	fi
	if ((code == FOUND_DIFFERENCES)); then return "$DRIFT"; fi
	return "$SAME"
}

main "$@"
