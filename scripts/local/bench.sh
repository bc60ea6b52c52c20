#!/usr/bin/env bash
# npm run bench:NAME: runs bench/NAME.ts with a Postgres of its own; the last line is one JSON object. Further arguments go to it.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/run.sh
source "$ROOT/scripts/local/lib/run.sh"

main() {
	local name=${1:-}
	[[ -f bench/$name.ts ]] || die 64 "There is no bench/$name.ts"
	shift
	trap 'exit 130' INT TERM HUP PIPE
	trap finish EXIT
	lock_setup
	begin_node_modules
	ensure_packages postgres redis
	ensure_node_modules
	ensure_bundle
	unlock_setup
	begin_run
	# A deployment has none: each start compiles anew.
	unset NODE_COMPILE_CACHE
	# Without it a database does not tell when something was committed.
	start_postgres -c track_commit_timestamp=on
	attend node --import ./bench/typescript-imports.mjs "bench/$name.ts" "$@"
}

main "$@"
