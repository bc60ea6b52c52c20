#!/bin/sh
# The boot: steps 1-4 in `trm boot`, then this process becomes the server. docs/boot.md is its manual.
set -eu

HERE="$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)"
TRM="$HERE/extensions/trm/dist/trm.js"
# shellcheck source=scripts/lib/environment.sh
. "$HERE/scripts/lib/environment.sh"

clean_values
load_secret_files
defaults "$HERE"

# Only this process gets the signals of a container's runtime. One is enough: it ends the boot, or this process where no boot runs.
stopped=''
pass_on() {
	trap '' TERM INT HUP
	stopped=$2
	kill -s "$1" "${!:-}" 2>/dev/null || exit "$2"
}

run_boot() {
	trap 'pass_on TERM 143' TERM
	trap 'pass_on INT 130' INT
	trap 'pass_on HUP 129' HUP
	node "$TRM" boot &
	status=0
	wait "$!" || status=$?
	# A signal ends the waiting, not the boot.
	while kill -0 "$!" 2>/dev/null; do
		status=0
		wait "$!" || status=$?
	done
	# A boot that was done just then leaves the signal to us.
	[ "$status" != 0 ] || status=${stopped:-0}
	[ "$status" = 0 ] || exit "$status"
	trap - TERM INT HUP
}

boot() {
	# Without these two there is nothing that would name the other problems.
	if ! command -v node >/dev/null; then
		add_problem 'no node on PATH; remedy: install it, or correct PATH'
		stop_on_problems entrypoint
	elif [ ! -f "$TRM" ]; then
		add_problem "the bundle is not built: no $TRM; remedy: build extensions/trm"
		stop_on_problems entrypoint
	fi
	run_boot
	unset DB_OWNER_USER DB_OWNER_PASSWORD TRM_CONFIG_PROBLEMS
	# For the server's sessions alone: a migration or a seed takes what it takes. Each step of a statement has work_mem, in each worker again,
	# so this bounds what one costs Postgres, whatever postgresql.conf says. What DB_OPTIONS says of them counts.
	export TRM_SESSION_LIMITS="statement_timeout=${DB_STATEMENT_TIMEOUT}s work_mem=8MB max_parallel_workers_per_gather=0"
	exec pm2-runtime start "$HERE/scripts/lib/serve.config.cjs"
}

[ $# -gt 0 ] || boot
stop_on_problems entrypoint
case "$1" in
	db-init | schema-apply | schema-drift | schema-snapshot | config | trm) use_owner_login ;;
	*) unset DB_OWNER_USER DB_OWNER_PASSWORD TRM_CONFIG_PROBLEMS ;;
esac
case "$1" in
	db-init) shift; exec "$HERE/scripts/apply-db-init.sh" "$@" ;;
	schema-apply) # A collection that was made again has lost its triggers.
		shift
		"$HERE/scripts/schema-apply.sh" "$@"
		[ $# -gt 0 ] || exec "$HERE/scripts/apply-db-init.sh" "$DB_INIT_PATH/current" ;;
	schema-drift | schema-snapshot | config) door=$1; shift; exec "$HERE/scripts/$door.sh" "$@" ;;
	trm) shift; exec "$HERE/scripts/trm" "$@" ;;
	*) exec "$@" ;;
esac
