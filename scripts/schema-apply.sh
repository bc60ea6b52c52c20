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

export DIRECTUS_CLI="${DIRECTUS_CLI:-$HERE/../cli.js}"
SNAPSHOT_PATH="${SNAPSHOT_PATH:-$HERE/../snapshots/schema.yaml}"
SETTINGS_PATH="${SETTINGS_PATH:-$HERE/../snapshots/settings.yaml}"

usage() {
	cat <<-'TEXT'
		usage: schema-apply.sh [--dry-run]   apply SNAPSHOT_PATH, or print the plan
		exit: 0 done or nothing to do, 1 refused or failed, 2 --dry-run: changes are pending, 64 usage, 78 wrong configuration
	TEXT
}

# The stock command does not know `trm` when the bundle was not loaded, and says only that.
explain_unknown_command() {
	local extensions="${EXTENSIONS_PATH:-./extensions}"
	if [[ ! -f package.json ]]; then
		log_error "Directus loaded no extensions: there is no package.json in $PWD; remedy: run from the directory that holds it"
	elif [[ ! -f "$extensions/trm/dist/api.js" ]]; then
		log_error "the bundle is not built: no $extensions/trm/dist/api.js seen from $PWD; remedy: build extensions/trm, or correct EXTENSIONS_PATH"
	else
		log_error "Directus did not load the bundle at $extensions/trm; remedy: run with LOG_LEVEL=debug and look for \"extension\""
	fi
}

has_content() {
	[[ -f "$1" ]] && grep -q '[^[:space:]]' "$1"
}

main() {
	local arguments=() errors code=0
	case "$*" in
		'') ;;
		--dry-run) arguments=(--dry-run) ;;
		-h | --help) usage; return ;;
		*) usage >&2; die 64 "unknown argument: $*" ;;
	esac
	# Skipped is only what is not there: an installation without its schema must not look like a success.
	if [[ -e "$SNAPSHOT_PATH" || -L "$SNAPSHOT_PATH" ]] && [[ ! -f "$SNAPSHOT_PATH" || ! -r "$SNAPSHOT_PATH" ]]; then
		die "$EXIT_CONFIG" "the snapshot $SNAPSHOT_PATH is not a file that user $(id -u) can read; remedy: check SNAPSHOT_PATH, the mount, the owner and the mode"
	fi
	if ! has_content "$SNAPSHOT_PATH"; then
		log "no snapshot at $SNAPSHOT_PATH (absent or empty): skipped"
		return
	fi
	[[ -f "$DIRECTUS_CLI" ]] || die "$EXIT_CONFIG" "no file $DIRECTUS_CLI; remedy: correct DIRECTUS_CLI"
	# Every start of the command line logs a dozen lines of no use here.
	export LOG_LEVEL="${LOG_LEVEL:-warn}"
	errors="$(mktemp "${TMPDIR:-/tmp}/trm-schema.XXXXXX")"
	# shellcheck disable=SC2064 # the name as it is now
	trap "rm -f '$errors'" EXIT
	run_directus trm schema apply "${arguments[@]}" --snapshot "$SNAPSHOT_PATH" --settings "$SETTINGS_PATH" 2>"$errors" || code=$?
	cat "$errors" >&2
	if ((code != 0)) && grep -q "unknown command 'trm'" "$errors"; then
		explain_unknown_command
	fi
	exit "$code"
}

main "$@"
