#!/usr/bin/env bash
# npm test: sets up like npm start and runs vitest. With arguments only the projects named, and of these only the files named;
# an argument that begins with - goes to vitest.
# Its Postgres is its own, on a free port, or the server of TEST_PG_URL (a superuser's URL); it runs beside npm start.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/run.sh
source "$ROOT/scripts/local/lib/run.sh"

PROJECTS=(lint unit integration api access browser chaos)

chosen() {
	local project
	for project in "$@"; do
		if [[ " ${PROJECTS[*]} " == *" $project "* ]]; then return 0; fi
	done
	return 1
}

needs_postgres() {
	chosen integration api access browser
}

set_up() {
	local wanted=()
	if chosen lint; then wanted+=(shellcheck); fi
	if chosen chaos || needs_postgres; then wanted+=(postgres redis); fi
	# For the consumer in Python of docs/events.md, for certificates, and for the boot behind a pooler.
	if chosen integration; then wanted+=(python3-redis openssl pgbouncer); fi
	if chosen browser; then wanted+=(chromium); fi
	lock_setup
	begin_node_modules
	ensure_packages "${wanted[@]}"
	if chosen integration; then
		PYTHON=$(python_with_redis)
		export PYTHON
	fi
	ensure_node_modules
	if chosen chaos || needs_postgres; then ensure_bundle; fi
	unlock_setup
}

main() {
	local argument projects=() options=()
	for argument in "$@"; do
		if chosen "$argument"; then
			projects+=("$argument")
		elif [[ $argument == -* || -e $argument ]]; then
			options+=("$argument")
		else
			die 64 "There is no project and no file $argument. Projects: ${PROJECTS[*]}"
		fi
	done
	if ((${#projects[@]} > 0)); then PROJECTS=("${projects[@]}"); fi
	trap 'exit 130' INT TERM HUP PIPE
	trap finish EXIT
	set_up
	begin_run
	if needs_postgres; then
		# shellcheck disable=SC2119 # options of the server, none here
		start_postgres
	elif chosen chaos; then
		PATH=$(postgres_bin):$PATH
	fi
	attend vitest run "${PROJECTS[@]/#/--project=}" "${options[@]}"
}

main "$@"
