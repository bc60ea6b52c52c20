#!/usr/bin/env bash
# Captures a running stack's schema into snapshots/schema.yaml. Needs no terminal.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/.." && pwd)"
LIB="$HERE/lib"
LOG_TAG=schema-snapshot
# shellcheck source=lib/log.sh
source "$LIB/log.sh"
# shellcheck source=lib/directus.sh
source "$LIB/directus.sh"
# shellcheck source=lib/local-stack.sh
source "$LIB/local-stack.sh"

SNAPSHOT_PATH="${SNAPSHOT_PATH:-$ROOT/snapshots/schema.yaml}"
COMPOSE_SERVICE="${COMPOSE_SERVICE:-directus}"
captured=''

usage() {
	cat <<-'TEXT'
		usage: schema-snapshot.sh [FILE | -]   write to FILE (default SNAPSHOT_PATH, else snapshots/schema.yaml) or to stdout
		Takes the schema from, in this order: the database of DB_* (inside a container), the local stack (npm start),
		the compose service COMPOSE_SERVICE (directus).
		exit: 0 captured, 1 failed (the file is untouched), 64 usage, 78 no stack found or not usable
	TEXT
}

# Everything but the snapshot itself goes to stderr, which leaves stdout for `-`.
say() {
	log "$@" >&2
}

capture_with_directus() {
	export DIRECTUS_CLI="${DIRECTUS_CLI:-$ROOT/cli.js}"
	[[ -f "$DIRECTUS_CLI" ]] || DIRECTUS_CLI="$ROOT/node_modules/directus/cli.js"
	[[ -f "$DIRECTUS_CLI" ]] || die "$EXIT_CONFIG" "no Directus at $ROOT; remedy: set DIRECTUS_CLI or install the packages"
	export LOG_LEVEL="${LOG_LEVEL:-warn}" PATH="$ROOT/node_modules/.bin:$PATH"
	command_defaults
	cd "$ROOT"
	run_directus schema snapshot --yes "$captured" </dev/null >&2
}

capture_from_local_stack() {
	use_local_stack
	capture_with_directus
}

# -T: no terminal. Its entrypoint reads the secrets from their files.
capture_from_compose() {
	docker compose exec -T "$COMPOSE_SERVICE" ./entrypoint.sh schema-snapshot - </dev/null >"$captured"
}

capture() {
	if [[ -n "${DB_HOST:-}${DB_CONNECTION_STRING:-}" ]]; then
		say 'capturing from the database of DB_*'
		capture_with_directus
	elif [[ -f "$STACK_ENV" ]]; then
		say "capturing from the local stack ($STACK_ENV)"
		capture_from_local_stack
	elif [[ -n "$(docker compose ps -q "$COMPOSE_SERVICE" 2>/dev/null)" ]]; then
		say "capturing from the compose service $COMPOSE_SERVICE"
		capture_from_compose
	else
		die "$EXIT_CONFIG" "no running stack found: no DB_HOST, no $STACK_ENV, no compose service $COMPOSE_SERVICE; remedy: npm start, or docker compose up"
	fi
}

# Directus sorts collections, fields and relations already; line endings and the last newline are what may differ.
normalise() {
	tr -d '\r' <"$captured" | awk 1 >"$captured.normal"
	mv "$captured.normal" "$captured"
}

check() {
	local key
	for key in version: directus: vendor: collections: fields: relations:; do
		grep -q "^$key" "$captured" || die "$EXIT_FAILURE" "what was captured is no snapshot (no \"$key\"); nothing was written"
	done
	if grep -q '^  - collection: positions$' "$captured"; then
		die "$EXIT_FAILURE" 'positions is registered as a collection, which would break the next apply; remedy: DELETE FROM directus_collections WHERE collection = '"'positions'"', keep DB_EXCLUDE_TABLES, capture again'
	fi
}

main() {
	local target="${1:-$SNAPSHOT_PATH}" work code=0
	case "$target" in
		-h | --help) usage; return ;;
		-) ;;
		-*) usage >&2; die 64 "unknown option $target" ;;
		*) target="$(cd "$(dirname "$target")" && pwd)/$(basename "$target")" ;;
	esac
	work="$(mktemp -d "${TMPDIR:-/tmp}/trm-snapshot.XXXXXX")"
	# shellcheck disable=SC2064 # the name as it is now
	trap "rm -rf '$work'" EXIT
	captured="$work/schema.yaml"
	(capture) || code=$?
	((code == 0 || code == EXIT_CONFIG)) || code=$EXIT_FAILURE
	((code == 0)) || die "$code" "the capture failed, see the lines above; nothing was written"
	normalise
	check
	if [[ "$target" == - ]]; then
		cat "$captured"
	elif cmp -s "$captured" "$target"; then
		say "$target is up to date"
	else
		# Beside the target, so that the move is one step.
		cp "$captured" "$target.new"
		mv "$target.new" "$target"
		say "wrote $target ($(sed -n '/^collections:/,/^fields:/p' "$captured" | grep -c '^  - collection:' || true) collections and folders)"
	fi
}

main "$@"
