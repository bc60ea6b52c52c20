# shellcheck shell=bash
# Where the snapshots are, and the bundle's commands about them. The caller has sourced log.sh and directus.sh; HERE is scripts/.

export DIRECTUS_CLI="${DIRECTUS_CLI:-${HERE%/*}/cli.js}"
SNAPSHOT_PATH="${SNAPSHOT_PATH:-${HERE%/*}/snapshots/schema.yaml}"
ACCESS_PATH="${ACCESS_PATH:-${HERE%/*}/snapshots/access.yaml}"
SETTINGS_PATH="${SETTINGS_PATH:-${HERE%/*}/snapshots/settings.yaml}"

# Absent means "nothing is declared". An installation without its schema must not look like that.
require_readable_snapshots() {
	local name path
	for name in SNAPSHOT_PATH ACCESS_PATH SETTINGS_PATH; do
		path="${!name}"
		if [[ -e "$path" || -L "$path" ]] && [[ ! -f "$path" || ! -r "$path" ]]; then
			die "$EXIT_CONFIG" "$path is not a file that user $(id -u) can read; remedy: check $name, the mount, the owner and the mode"
		fi
	done
}

has_content() {
	[[ -f "$1" ]] && grep -q '[^[:space:]]' "$1"
}

# run_schema_command ARGUMENT… runs `trm schema ARGUMENT…` on all three files.
run_schema_command() {
	run_trm_command schema "$@" --snapshot "$SNAPSHOT_PATH"
}

# run_config_command ARGUMENT… runs `trm config ARGUMENT…` on access and settings.
run_config_command() {
	run_trm_command config "$@"
}

run_trm_command() {
	local errors code=0
	[[ -f "$DIRECTUS_CLI" ]] || die "$EXIT_CONFIG" "no file $DIRECTUS_CLI; remedy: correct DIRECTUS_CLI"
	command_defaults
	# Every start of the command line logs a dozen lines of no use here.
	export LOG_LEVEL="${LOG_LEVEL:-warn}"
	errors="$(mktemp "${TMPDIR:-/tmp}/trm-schema.XXXXXX")"
	run_directus trm "$@" --access "$ACCESS_PATH" --settings "$SETTINGS_PATH" 2>"$errors" || code=$?
	cat "$errors" >&2
	if ((code != 0)) && grep -q "unknown command 'trm'" "$errors"; then
		explain_unknown_command
	fi
	rm -f "$errors"
	return "$code"
}

# The stock command does not know `trm` when the bundle was not loaded, and says only that.
explain_unknown_command() {
	local extensions="${EXTENSIONS_PATH:-./extensions}"
	if [[ ! -f package.json ]]; then
		log_error "Directus loaded no extensions: there is no package.json in $PWD; remedy: run from the directory that holds it"
	elif [[ ! -f "$extensions/trm/dist/api.js" ]]; then
		log_error "the bundle is not built: no $extensions/trm/dist/api.js seen from $PWD; remedy: build extensions/trm, or correct EXTENSIONS_PATH"
	else
		log_error "Directus did not load the bundle at $extensions/trm; remedy: boot the database first; else run with LOG_LEVEL=debug and look for \"extension\""
	fi
}
