#!/usr/bin/env bash
# npm test: sets up like npm start, runs every suite to the end whatever fails, and ends with "N passed, N failed".
# With arguments only the suites named (lint unit shell integration access browser chaos image), and of these only the files named.
# Its Postgres is its own, on a free port, or the server of TEST_PG_URL (a superuser's URL); it runs beside npm start.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/suites.sh
source "$ROOT/scripts/local/lib/suites.sh"
# shellcheck source=lib/run.sh
source "$ROOT/scripts/local/lib/run.sh"

SUITES=(lint unit shell integration access browser chaos image)

on_signal() {
	trap '' INT TERM HUP PIPE
	exit 130
}

set_up() {
	local wanted=(shellcheck)
	if needs_postgres; then wanted+=(postgres redis bats jq); fi
	if chosen chaos; then wanted+=(postgres redis jq); fi
	if chosen unit; then wanted+=(jq); fi
	# For the consumer in Python of docs/events.md, for certificates, and for the boot behind a pooler.
	if chosen integration; then wanted+=(python3-redis openssl pgbouncer); fi
	if chosen browser; then wanted+=(chromium); fi
	# Without root an engine may be there all the same: the suite itself finds out.
	if chosen image && can_install; then wanted+=(dockerd debootstrap docker-compose); fi
	lock_setup
	begin_node_modules
	ensure_packages "${wanted[@]}"
	# While the npm packages are on their way, half of the machine has nothing to do.
	if chosen image && can_install && [[ -n ${STEP_PIDS[npm-ci]:-} ]]; then
		start_step image-bases 'Preparing the image suite beside that' prepare_image
	fi
	if chosen integration; then
		PYTHON=$(python_with_redis)
		export PYTHON
	fi
	ensure_node_modules
	if needs_postgres || chosen chaos; then ensure_bundle; fi
	unlock_setup
}

# It may outlast the set-up, and must not keep its lock.
prepare_image() {
	exec 8>&- tests/image/run.sh --prepare
}

chosen() {
	[[ " ${SUITES[*]} " == *" $1 "* ]]
}

needs_postgres() {
	chosen shell || chosen integration || chosen access || chosen browser
}

main() {
	trap on_signal INT TERM HUP PIPE
	trap finish EXIT
	local suite suites=()
	for suite in "$@"; do
		if declare -F "suite_$suite" >/dev/null; then
			suites+=("$suite")
		elif [[ -e $suite ]]; then
			FILES+=("$suite")
		else
			die 64 "There is no suite and no file $suite. Suites: ${SUITES[*]}"
		fi
	done
	if ((${#suites[@]} > 0)); then SUITES=("${suites[@]}"); fi
	set_up
	begin_run
	# shellcheck disable=SC2119 # options of the server, none here
	if needs_postgres; then start_postgres; fi
	for suite in "${SUITES[@]}"; do
		say "── $suite ──"
		"suite_$suite"
	done
	summary
}

main "$@"
