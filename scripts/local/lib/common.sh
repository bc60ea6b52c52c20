# shellcheck shell=bash
# Sourced first by every script in scripts/local: where we are, and the parts.

# Before anything that the Bash 3 of macOS cannot read.
if [ "$(uname -s)" != Linux ]; then
	echo 'This runs on Debian and Ubuntu only. On any system with Docker and its compose plugin there is: npm run dev:reset' >&2
	exit 69
fi

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
# shellcheck disable=SC2034 # used by every part
LOCAL=${TRM_STATE_DIR:-$ROOT/.local}
if [[ $LOCAL != /* ]]; then LOCAL=$PWD/$LOCAL; fi
cd "$ROOT" || exit

# shellcheck source=log.sh
source "$ROOT/scripts/local/lib/log.sh"
# shellcheck source=process.sh
source "$ROOT/scripts/local/lib/process.sh"
# shellcheck source=ports.sh
source "$ROOT/scripts/local/lib/ports.sh"
# shellcheck source=../../lib/environment.sh
source "$ROOT/scripts/lib/environment.sh"
# shellcheck source=settings.sh
source "$ROOT/scripts/local/lib/settings.sh"
# shellcheck source=packages.sh
source "$ROOT/scripts/local/lib/packages.sh"
# shellcheck source=node.sh
source "$ROOT/scripts/local/lib/node.sh"
# shellcheck source=postgres.sh
source "$ROOT/scripts/local/lib/postgres.sh"
# shellcheck source=redis.sh
source "$ROOT/scripts/local/lib/redis.sh"
# shellcheck source=seed.sh
source "$ROOT/scripts/local/lib/seed.sh"
# shellcheck source=stack.sh
source "$ROOT/scripts/local/lib/stack.sh"
