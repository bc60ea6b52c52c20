#!/usr/bin/env bash
# npm start: sets up what is missing and runs the whole stack in the foreground.
# Ends with 0 when it is stopped (Ctrl-C, SIGTERM, npm run stop) while serving, 130 when stopped before that, and with
# Directus's own status when Directus ends by itself.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

SERVING=false
CLEAN_UP=false
LOG=$LOCAL/log/directus.log

# A signal that comes again while we stop changes nothing: npm passes on a Ctrl-C that has reached us already.
on_signal() {
	trap '' INT TERM HUP PIPE
	if $SERVING; then exit 0; else exit 130; fi
}

finish() {
	local status=$?
	trap '' INT TERM HUP PIPE
	set +e
	end_step
	if $CLEAN_UP; then
		local note=''
		if stack_leftovers; then
			say 'Stopping what was started here …'
			note='Stopped. The data is kept, and npm start finds it again.'
		fi
		stop_stack
		if [[ -n ${TAIL_PID:-} ]]; then wait_gone "$TAIL_PID" 3; fi
		if [[ -n $note ]]; then say "$note"; fi
		forget_pid start
	fi
	exit "$status"
}

# An npm that was killed cannot stop us any more: then nobody would.
parent_is_gone() {
	[[ -n ${npm_lifecycle_event:-} ]] && ! is_running "$PPID"
}

begin() {
	if ! lock_stack; then
		local other
		other=$(saved_pid start) || other='?'
		die 75 "The stack of this repository is already running (npm start, pid $other)." \
			'Its address and password are in .local/stack.env; stop it with: npm run stop'
	fi
	save_pid start $$
	CLEAN_UP=true
	if stack_leftovers; then
		say 'Stopping what a killed npm start left running …'
		stop_stack
	fi
}

check_ports() {
	local variables=(PORT)
	if [[ -z ${DB_HOST:-} ]]; then variables+=(TRM_PG_PORT); fi
	if [[ -z ${REDIS:-} ]]; then variables+=(TRM_REDIS_PORT); fi
	need_different_ports "${variables[@]}"
	need_port "$PORT" Directus PORT
	if [[ -z ${DB_HOST:-} ]]; then need_port "$TRM_PG_PORT" Postgres TRM_PG_PORT; fi
	if [[ -z ${REDIS:-} ]]; then need_port "$TRM_REDIS_PORT" Redis TRM_REDIS_PORT; fi
}

set_up() {
	local wanted=(psql)
	if [[ -z ${DB_HOST:-} ]]; then wanted=(postgres); fi
	if [[ -z ${REDIS:-} ]]; then wanted+=(redis); fi
	lock_setup
	begin_node_modules
	ensure_packages "${wanted[@]}"
	ensure_node_modules
	ensure_bundle
	unlock_setup
}

start_servers() {
	export DB_CLIENT=${DB_CLIENT:-pg}
	mkdir -p "$LOCAL/log"
	if [[ -z ${DB_HOST:-} ]]; then
		export DB_HOST=127.0.0.1 DB_PORT=$TRM_PG_PORT DB_DATABASE=trm DB_USER=directus DB_PASSWORD
		pg_start "$LOCAL/postgres" "$TRM_PG_PORT" "$LOCAL/log/postgres.log"
		pg_prepare
		say "Postgres is up on 127.0.0.1:$TRM_PG_PORT (.local/postgres)"
	else
		say "Using the Postgres at $DB_HOST (DB_HOST is set)"
	fi
	if [[ -z ${REDIS:-} ]]; then
		redis_start
		export REDIS=redis://default:$TRM_REDIS_PASSWORD@127.0.0.1:$TRM_REDIS_PORT/0
		say "Redis is up on 127.0.0.1:$TRM_REDIS_PORT (.local/redis)"
	else
		say 'Using the Redis that REDIS names'
	fi
}

ping_directus() {
	# shellcheck disable=SC2153 # set by export_stack_environment
	local host=$HOST reply=''
	if [[ $host == 0.0.0.0 || $host == :: ]]; then host=127.0.0.1; fi
	exec 7<>"/dev/tcp/$host/$PORT" || return 1
	printf 'GET /server/ping HTTP/1.0\r\nHost: %s\r\n\r\n' "$host" >&7
	read -r -t 5 -u 7 reply || true
	exec 7>&-
	[[ $reply == *' 200 '* ]]
}

directus_ended() {
	local status=0
	wait "$DIRECTUS_PID" || status=$?
	wait_gone "$TAIL_PID" 3 || true
	complain '' "Directus ended by itself with exit $status. The end of .local/log/directus.log:" "$(tail -n 15 "$LOG")"
	if [[ ${SERVING:-false} == true ]]; then
		complain '' 'In production its container is started again by itself (docs/deploy.md); here run npm start again: nothing is lost.'
	fi
	# Ending unasked is a failure whatever Directus thinks of it.
	exit "$((status == 0 ? 1 : status))"
}

start_directus() {
	if [[ -e $LOG ]]; then mv "$LOG" "$LOG.1"; fi
	: >"$LOG"
	say 'Booting Directus with the production entrypoint …'
	spawn_saved directus "$LOG" "$ROOT/entrypoint.sh"
	DIRECTUS_PID=$SPAWNED
	# shellcheck disable=SC2016 # for the inner shell
	setsid bash -c 'source "$1"; tail -n +1 -s 0.2 -f --pid="$2" "$3" | without_requests' bash \
		"$ROOT/scripts/local/lib/log.sh" "$DIRECTUS_PID" "$LOG" </dev/null 8>&- 9>&- &
	TAIL_PID=$!
	until ping_directus 2>/dev/null; do
		is_running "$DIRECTUS_PID" || directus_ended
		pause 0.2
	done
	SERVING=true
	say "Directus serves at $PUBLIC_URL"
}

announce() {
	local lines=("Directus      $PUBLIC_URL" "Race Control  $PUBLIC_URL/admin/race-control" "E-mail        $ADMIN_EMAIL"
		"Password      $ADMIN_PASSWORD" "Seed          $1")
	local users
	users=$(users_file)
	# Not their passwords: this is what stands on a screen that others see.
	if [[ -e $users ]]; then lines+=("Users         one per role, in ${users#"$ROOT/"}"); fi
	lines+=('' 'Stop with Ctrl-C, or npm run stop in another shell.')
	local line width=0
	for line in "${lines[@]}"; do width=$((${#line} > width ? ${#line} : width)); done
	printf '\n┌%s┐\n' "$(printf '─%.0s' $(seq $((width + 2))))"
	for line in "${lines[@]}"; do printf '│ %-*s │\n' "$width" "$line"; done
	printf '└%s┘\n\n' "$(printf '─%.0s' $(seq $((width + 2))))"
}

main() {
	trap on_signal INT TERM HUP PIPE
	trap finish EXIT
	begin
	load_env_file "$ROOT/.env"
	resolve_secret_files
	PORT=${PORT:-8055} TRM_PG_PORT=${TRM_PG_PORT:-54320} TRM_REDIS_PORT=${TRM_REDIS_PORT:-63790}
	check_ports
	set_up
	ensure_secrets
	export_stack_environment
	start_servers
	start_directus
	local seed=${TRM_SEED:-rally-albania-2026}
	ensure_seed || seed='NOT loaded, the reason stands above'
	write_stack_file
	announce "$seed"
	say 'Ready.'
	while is_running "$DIRECTUS_PID"; do
		if parent_is_gone; then
			complain 'npm has gone without stopping this: stopping.'
			exit 0
		fi
		pause 1
	done
	directus_ended
}

main "$@"
