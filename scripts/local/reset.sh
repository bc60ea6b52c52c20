#!/usr/bin/env bash
# npm run reset [-- --yes]: stops the stack and deletes its data: cluster, Redis, uploads, passwords, logs.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

load_env_file "$ROOT/.env"
resolve_secret_files
if [[ -n ${DB_HOST:-} ]]; then
	die 78 "DB_HOST=$DB_HOST is a server that npm start did not make: nothing is deleted." \
		'Drop and create the database there yourself. For the private cluster, unset DB_HOST and run this again.'
fi

# What the scripts here make. Locks must stay the same files, and runs of npm test keep their own state in test/.
OURS=(secrets.env secrets.env.new stack.env stack.env.new users.csv users.csv.new redis uploads log run pm2 tmp cache toolchain screenshots)

# A directory named by mistake (TRM_STATE_DIR) may have a tmp or a log of its own.
is_state() {
	[[ $LOCAL -ef $ROOT/.local || -e $LOCAL/secrets.env || -e $LOCAL/postgres/PG_VERSION ||
		(-e $LOCAL/start.lock && -d $LOCAL/run) ]]
}

if ! is_state; then
	if [[ -z $(find "$LOCAL" -mindepth 1 -not -name '*.lock' -print -quit 2>/dev/null) ]]; then
		say "Nothing to delete in $LOCAL."
		exit 0
	fi
	die 78 "$LOCAL holds nothing that npm start made: nothing is deleted." \
		'Correct TRM_STATE_DIR; unset, it is .local in the repository.'
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
rm -rf "$(short_pm2_home)"
for name in "${OURS[@]}"; do rm -rf "${LOCAL:?}/$name"; done
say 'Deleted. The next npm start begins afresh.'
