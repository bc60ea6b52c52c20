#!/usr/bin/env bash
# npm run reset [-- --yes]: stops the stack and deletes its data: cluster, Redis, uploads, passwords, logs.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

load_env_file "$ROOT/.env"
if [[ -n ${DB_HOST:-} ]]; then
	die 78 "DB_HOST=$DB_HOST is a server that npm start did not make: nothing is deleted." \
		'Drop and create the database there yourself. For the private cluster, unset DB_HOST and run this again.'
fi

if [[ ${1:-} != --yes ]]; then
	if [[ ! -t 0 ]]; then
		die 78 'This deletes the database, events, uploads and passwords in .local/.' 'If you mean it: npm run reset -- --yes'
	fi
	read -r -p 'Delete the database, events, uploads and passwords in .local/? [y/N] ' answer
	[[ $answer == [yY]* ]] || die 1 'Nothing is deleted.'
fi

stop_other || true
pg_remove "$LOCAL/postgres"
# Runs of npm test keep their own state below test/, and the locks must stay the same files.
find "$LOCAL" -mindepth 1 -maxdepth 1 -not -name test -not -name '*.lock' -exec rm -rf {} +
say 'Deleted. The next npm start begins afresh.'
