#!/usr/bin/env bash
# npm run contract:generate: docs/events/ and the lock of published schemas, from packages/event-contract.
# npm run build:contract: the package @trm/event-contract, as JavaScript with types, into packages/event-contract/dist.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
	lock_setup
	ensure_node_modules
	unlock_setup
	case ${1:-} in
		generate) exec node --import ./bench/typescript-imports.mjs packages/event-contract/generate/main.ts ;;
		build) exec tsc -p packages/event-contract/tsconfig.build.json ;;
		*) die 64 'Usage: contract.sh generate|build' ;;
	esac
}

main "$@"
