#!/bin/sh
# Applies a directory of SQL files, once each, in order. docs/migrations.md is its manual.
set -eu
root="$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)"
program="$root/extensions/trm/dist/trm.js"

if [ -r "$root/scripts/lib/environment.sh" ]; then
	# shellcheck source=/dev/null
	. "$root/scripts/lib/environment.sh"
	load_secret_files
	stop_on_problems db-init
fi
if [ ! -f "$program" ]; then
	echo "[db-init] error: the bundle is not built: no $program; remedy: npm run build" >&2
	exit 78
fi
export DB_INIT_PATH="${DB_INIT_PATH:-$root/db-init}"
exec node "$program" db-init "$@"
