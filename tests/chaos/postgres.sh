#!/usr/bin/env bash
# The Postgres cluster of a chaos campaign: postgres.sh start|stop|crash|remove DIRECTORY [PORT LOG]. Its superuser's password is in
# TRM_PG_SUPERUSER_PASSWORD. stop disconnects and shuts down; crash ends all at once, so that the next start recovers from the log.
set -euo pipefail
# shellcheck source=../../scripts/local/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/local/lib/common.sh"

start() {
	# shellcheck disable=SC2034 # for pg_init
	PG_INIT_OPTIONS=(--no-sync)
	# A server that is killed loses nothing that it has given to the kernel. But a commit is not answered before that.
	pg_start "$1" "$2" "$3" -c fsync=off -c full_page_writes=off -c synchronous_commit=on -c max_connections=200 \
		-c log_min_messages=warning -c log_line_prefix='%m [%p] %a '
}

crash() {
	local pid
	pid=$(pg_pid "$1") || return 0
	kill -QUIT "$pid"
	wait_gone "$pid" 30
}

case $1 in
	start) start "$2" "$3" "$4" ;;
	stop) pg_stop "$2" ;;
	crash) crash "$2" ;;
	remove)
		pg_stop "$2"
		pg_remove "$2"
		;;
esac
