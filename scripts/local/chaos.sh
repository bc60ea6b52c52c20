#!/usr/bin/env bash
# npm run test:chaos: random writes and faults on two replicas (ROUNDS=10, SEED=…); the last line is one JSON object.
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
ensure_packages postgres redis
ensure_node_modules
ensure_bundle
unlock_setup
begin_run
attend run_chaos
