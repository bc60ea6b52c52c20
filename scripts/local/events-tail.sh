#!/usr/bin/env bash
# npm run events:tail: prints the events of the stream as they come; -- --help says what else. Installs and starts nothing.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
	PATH=$(node_bin "$ROOT/node_modules"):$PATH
	if [[ ! -d node_modules/ioredis || $(node --version 2>/dev/null) != v2[2-9].* ]]; then
		die 69 'The packages of this checkout are not installed. Run: npm start'
	fi
	# What is given names one Redis as a whole: the stack's stream need not be there.
	if [[ -z ${REDIS_URL:-}${REDIS:-} ]]; then load_env_file "$LOCAL/stack.env"; fi
	exec node --import ./bench/typescript-imports.mjs packages/event-contract/tail/main.ts "$@"
}

main "$@"
