#!/usr/bin/env bash
# npm run test:access: who may do what with which row, and the attacks on it; the last line is one JSON object.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/suites.sh
source "$ROOT/scripts/local/lib/suites.sh"
# shellcheck source=lib/run.sh
source "$ROOT/scripts/local/lib/run.sh"

trap 'exit 130' INT TERM HUP PIPE
trap finish EXIT
lock_setup
begin_node_modules
ensure_packages postgres redis jq
ensure_node_modules
ensure_bundle
unlock_setup
begin_run
# shellcheck disable=SC2119 # options of the server, none here
start_postgres
run_access
counts=$(access_counts)
printf '%s\n' "$counts"
jq -e --argjson status "$VITEST_STATUS" '$status + .cells_failed + .attacks_failed + .server_errors == 0' <<<"$counts" >/dev/null
