#!/usr/bin/env bash
# Step 3 of the boot: brings the collections, access and settings to what snapshots/ says, through the bundle's own command.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
LIB="$HERE/lib"
LOG_TAG=schema
# shellcheck source=lib/log.sh
source "$LIB/log.sh"
# shellcheck source=lib/directus.sh
source "$LIB/directus.sh"
# shellcheck source=lib/snapshots.sh
source "$LIB/snapshots.sh"

usage() {
	cat <<-'TEXT'
		usage: schema-apply.sh [--dry-run]   apply SNAPSHOT_PATH, ACCESS_PATH and SETTINGS_PATH, or print the plan
		exit: 0 done or nothing to do, 1 refused or failed, 2 --dry-run: changes are pending, 64 usage, 78 wrong configuration
	TEXT
}

main() {
	local arguments=()
	case "$*" in
		'') ;;
		--dry-run) arguments=(--dry-run) ;;
		-h | --help) usage; return ;;
		*) usage >&2; die 64 "unknown argument: $*" ;;
	esac
	require_readable_snapshots
	if ! has_content "$SNAPSHOT_PATH"; then
		log "no snapshot at $SNAPSHOT_PATH (absent or empty): skipped"
		return
	fi
	run_schema_command apply "${arguments[@]}"
}

main "$@"
