#!/usr/bin/env bash
# The boot: five steps, each halting it on failure. docs/boot.md is its manual.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
LIB="$HERE/scripts/lib"
LOG_TAG=entrypoint
# shellcheck source=scripts/lib/log.sh
source "$LIB/log.sh"
# shellcheck source=scripts/lib/build.sh
source "$LIB/build.sh"
# shellcheck source=scripts/lib/secrets.sh
source "$LIB/secrets.sh"
# shellcheck source=scripts/lib/postgres.sh
source "$LIB/postgres.sh"
# shellcheck source=scripts/lib/session.sh
source "$LIB/session.sh"
# shellcheck source=scripts/lib/steps.sh
source "$LIB/steps.sh"
# shellcheck source=scripts/lib/directus.sh
source "$LIB/directus.sh"
# shellcheck source=scripts/lib/bootstrap.sh
source "$LIB/bootstrap.sh"
# shellcheck source=scripts/lib/fingerprint.sh
source "$LIB/fingerprint.sh"

set_defaults() {
	export DB_PORT="${DB_PORT:-5432}"
	export DIRECTUS_CLI="${DIRECTUS_CLI:-$HERE/cli.js}"
	export ECOSYSTEM_FILE="${ECOSYSTEM_FILE:-$HERE/ecosystem.config.cjs}"
	export DB_INIT_PATH="${DB_INIT_PATH:-$HERE/db-init}"
	export SNAPSHOT_PATH="${SNAPSHOT_PATH:-$HERE/snapshots/schema.yaml}"
	export ACCESS_PATH="${ACCESS_PATH:-$HERE/snapshots/access.yaml}"
	export SETTINGS_PATH="${SETTINGS_PATH:-$HERE/snapshots/settings.yaml}"
	export DB_WAIT_TIMEOUT="${DB_WAIT_TIMEOUT:-60}" BOOT_LOCK_TIMEOUT="${BOOT_LOCK_TIMEOUT:-600}" DB_STATEMENT_TIMEOUT="${DB_STATEMENT_TIMEOUT:-60}"
	# Else the tables of Directus land in the schema named like DB_USER where there is one, such as trm.
	export DB_SEARCH_PATH="${DB_SEARCH_PATH:-public}"
	# Directus bundles the app extensions at each start, which with rollup takes as long as all the rest of it.
	export EXTENSIONS_ROLLDOWN="${EXTENSIONS_ROLLDOWN:-true}"
	# Without the bundle's hooks nothing holds a creation against the rights of its author: serve with it or not at all.
	export EXTENSIONS_MUST_LOAD="${EXTENSIONS_MUST_LOAD:-true}"
	# Without an owner Directus greets the first operator with a dialog over the whole screen.
	export PROJECT_OWNER="${PROJECT_OWNER:-${ADMIN_EMAIL:-}}"
	# REDIS is for the event stream. Directus with a Redis of its own that is down starts without extensions, then crashes.
	export REDIS_ENABLED="${REDIS_ENABLED:-false}"
	# The largest flag-faulty call, 10,000 keys with the longest device ids, has 1.3 MB; Directus takes 1 MB.
	export MAX_PAYLOAD_SIZE="${MAX_PAYLOAD_SIZE:-2mb}"
	# Else Directus copies the whole data model for each request, a third of what a small one costs.
	export CACHE_SCHEMA_FREEZE_ENABLED="${CACHE_SCHEMA_FREEZE_ENABLED:-true}"
	# Directus lets one request read and write any number of rows.
	export QUERY_LIMIT_MAX="${QUERY_LIMIT_MAX:-20000}" MAX_BATCH_MUTATION="${MAX_BATCH_MUTATION:-20000}"
	# An import holds a transaction open while its file comes in, for up to an hour in Directus, and twenty at a time.
	export IMPORT_TIMEOUT="${IMPORT_TIMEOUT:-1m}" IMPORT_MAX_CONCURRENCY="${IMPORT_MAX_CONCURRENCY:-2}"
	# Directus sends its cookies over plain HTTP too unless it is told that nobody comes that way.
	[[ "${PUBLIC_URL:-}" != https://* ]] || export SESSION_COOKIE_SECURE="${SESSION_COOKIE_SECURE:-true}" REFRESH_TOKEN_COOKIE_SECURE="${REFRESH_TOKEN_COOKIE_SECURE:-true}"
	# Requests get five seconds to end, the relay half a second more, and all of it less than the ten of docker stop.
	export SERVER_SHUTDOWN_TIMEOUT="${SERVER_SHUTDOWN_TIMEOUT:-5000}" PM2_KILL_TIMEOUT="${PM2_KILL_TIMEOUT:-7000}"
	# A collection made of positions would leave a ghost row that breaks the next schema apply.
	export DB_EXCLUDE_TABLES="${DB_EXCLUDE_TABLES:-positions,spatial_ref_sys}"
	[[ ",${DB_EXCLUDE_TABLES// /}," == *,positions,* ]] || DB_EXCLUDE_TABLES+=,positions
}

check_configuration() {
	require_variables "${REQUIRED[@]}"
	require_port DB_PORT 5432
	require_port PORT 8055
	require_number DB_POOL__MIN DB_POOL__MAX QUERY_LIMIT_MAX MAX_BATCH_MUTATION IMPORT_MAX_CONCURRENCY SERVER_SHUTDOWN_TIMEOUT PM2_KILL_TIMEOUT
	require_boolean BOOT_FORCE REDIS_ENABLED EXTENSIONS_MUST_LOAD EXTENSIONS_ROLLDOWN CACHE_SCHEMA_FREEZE_ENABLED \
		SESSION_COOKIE_SECURE REFRESH_TOKEN_COOKIE_SECURE
	if [[ "$DB_SEARCH_PATH" != public ]]; then
		config_problems+=("DB_SEARCH_PATH is \"$DB_SEARCH_PATH\", and the migrations make everything in public; remedy: unset it")
	fi
	require_single_redis_for_directus
	require_websockets_off
	require_writable TMPDIR "${TMPDIR:-/tmp}"
	require_writable PM2_HOME "${PM2_HOME:-${HOME:-}/.pm2}"
	[[ -z "${TEMP_PATH:-}" ]] || require_writable TEMP_PATH "$TEMP_PATH"
	if [[ -n "${DB_CLIENT:-}" && "$DB_CLIENT" != pg ]]; then
		config_problems+=("DB_CLIENT is \"$DB_CLIENT\", and only pg is supported (the upstream image presets sqlite3); remedy: DB_CLIENT=pg")
	fi
	# Directus would take it and the migrations DB_HOST: one boot, two databases.
	if [[ -n "${DB_CONNECTION_STRING:-}${DB_CONNECTION_STRING_FILE:-}" ]]; then
		config_problems+=('DB_CONNECTION_STRING is set, which the boot does not take; remedy: unset it and give DB_HOST, DB_PORT, DB_DATABASE, DB_USER and DB_PASSWORD')
	fi
	local tool path
	for tool in node psql pm2-runtime; do
		command -v "$tool" >/dev/null || config_problems+=("no $tool on PATH; remedy: install it, or correct PATH")
	done
	for path in "$DIRECTUS_CLI" "$ECOSYSTEM_FILE"; do
		[[ -f "$path" ]] || config_problems+=("no file $path; remedy: correct DIRECTUS_CLI or ECOSYSTEM_FILE")
	done
	# Directus looks for both from its working directory, and without them step 3 would fail on a migrated database.
	if [[ ! -f package.json ]]; then
		config_problems+=("no package.json in the working directory $PWD; remedy: start from the directory that holds it, such as $HERE")
	elif [[ -z "${EXTENSIONS_LOCATION:-}" && ! -f "${EXTENSIONS_PATH:-./extensions}/trm/dist/api.js" ]]; then
		config_problems+=("the bundle is not built: no ${EXTENSIONS_PATH:-./extensions}/trm/dist/api.js seen from $PWD; remedy: build extensions/trm, or correct EXTENSIONS_PATH")
	fi
	stop_on_config_problems
	require_seconds DB_WAIT_TIMEOUT
	require_seconds BOOT_LOCK_TIMEOUT
	require_seconds DB_STATEMENT_TIMEOUT
}

take_boot_lock() {
	local code=0
	session_open . || die "$EXIT_UNAVAILABLE" 'cannot open the session that holds the boot lock, see the lines above'
	session_limit=30
	session_lock trm.boot "$BOOT_LOCK_TIMEOUT" || code=$?
	case "$code" in
		0) return 0 ;;
		2) die "$EXIT_UNAVAILABLE" "another boot held the lock trm.boot for $BOOT_LOCK_TIMEOUT s; remedy: look at that boot's log, or raise BOOT_LOCK_TIMEOUT" ;;
		*) stop_on_lost_lock ;;
	esac
}

stop_on_lost_lock() {
	die "$EXIT_UNAVAILABLE" 'the session that holds the boot lock was lost (Postgres restarted or cut it); remedy: start again, the boot continues where it stopped'
}

# Before each step: without the lock another replica may be at the same work.
check_boot_lock() {
	session_ask 'SELECT 1;' || stop_on_lost_lock
}

run_all_steps() {
	begin_full_boot
	note_first_bootstrap
	step 2 bootstrap quietly run_directus bootstrap
	verify_bootstrap
	step 3 schema "$HERE/scripts/schema-apply.sh"
	step 4 after-schema apply_after_schema
	grant_rights
	store_fingerprint
}

apply_after_schema() {
	"$HERE/scripts/apply-db-init.sh" "$DB_INIT_PATH/after-schema" && "$HERE/scripts/apply-db-init.sh" "$DB_INIT_PATH/current"
}

# Step 3 may have made a collection again, without the rights that the deleted one took along.
grant_rights() {
	check_boot_lock
	session_ask "$(include "$LIB/grant-least-privilege.sql")" && return
	session_refused_sql || stop_on_lost_lock
	die "$EXIT_FAILURE" 'the rights of trm_directus and trm_processor could not be given, see the lines above; remedy: correct the cause and start again'
}

boot() {
	announce
	check_configuration
	use_owner_login
	pg_environment "trm boot ${HOSTNAME:-}"
	catch_signals
	pg_wait "$DB_WAIT_TIMEOUT"
	take_boot_lock
	check_database
	mark_duration lock

	step 1 db-init "$HERE/scripts/apply-db-init.sh" "$DB_INIT_PATH"
	choose_boot
	if [[ "$boot_kind" == warm ]]; then
		skip_step 2 bootstrap "$boot_reason"
		skip_step 3 schema "$boot_reason"
		skip_step 4 after-schema "$boot_reason"
	else
		run_all_steps
	fi

	check_boot_lock
	session_close
	use_server_login
	# Of the server's sessions alone: a migration or a seed takes what it takes. Each step of a statement has work_mem, in each worker again,
	# so this bounds what one costs Postgres, whatever postgresql.conf says. What DB_OPTIONS says of them counts.
	export TRM_SESSION_LIMITS="statement_timeout=${DB_STATEMENT_TIMEOUT}s work_mem=8MB max_parallel_workers_per_gather=0"
	log 'step 5/5: start'
	log "starting the server after $(total_duration) s ($(durations)): pm2-runtime start $ECOSYSTEM_FILE"
	leave_signals
	exec pm2-runtime start "$LIB/serve.config.cjs"
}

main() {
	clean_values
	load_secret_files "${FROM_FILES[@]}" DB_OWNER_USER DB_OWNER_PASSWORD
	require_web_address PUBLIC_URL
	set_defaults
	require_whole_owner_login
	if (($# == 0)); then
		boot
	fi
	stop_on_config_problems
	local command=$1
	shift
	case "$command" in
		db-init | schema-apply | schema-drift | schema-snapshot | config | trm) use_owner_login ;;
		*) unset DB_OWNER_USER DB_OWNER_PASSWORD ;;
	esac
	case "$command" in
		db-init) exec "$HERE/scripts/apply-db-init.sh" "$@" ;;
		schema-apply)
			"$HERE/scripts/schema-apply.sh" "$@"
			# A collection that was made again has lost its triggers.
			(($# > 0)) || exec "$HERE/scripts/apply-db-init.sh" "$DB_INIT_PATH/current"
			;;
		schema-drift) exec "$HERE/scripts/schema-drift.sh" "$@" ;;
		schema-snapshot) exec "$HERE/scripts/schema-snapshot.sh" "$@" ;;
		config) exec "$HERE/scripts/config.sh" "$@" ;;
		trm) exec "$HERE/scripts/trm" "$@" ;;
		*) exec "$command" "$@" ;;
	esac
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
	main "$@"
fi
