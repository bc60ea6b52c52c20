#!/usr/bin/env bash
# Applies a directory of numbered SQL files with psql, once each, in order. docs/migrations.md is its manual.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
LIB="$HERE/lib"
LOG_TAG=db-init
# Recorded in the ledger: raise it when the way files are applied changes.
RUNNER_VERSION=2.0.0
# shellcheck source=lib/log.sh
source "$LIB/log.sh"
# shellcheck source=lib/secrets.sh
source "$LIB/secrets.sh"
# shellcheck source=lib/postgres.sh
source "$LIB/postgres.sh"
# shellcheck source=lib/session.sh
source "$LIB/session.sh"
# shellcheck source=lib/migration-files.sh
source "$LIB/migration-files.sh"

mode=apply
as_json=false
directory=''
work=''

usage() {
	cat <<-'TEXT'
		usage: apply-db-init.sh [DIR]                    apply what is pending (DIR: DB_INIT_PATH, else db-init/ beside scripts/)
		       apply-db-init.sh --dry-run [DIR]          list what would run
		       apply-db-init.sh --status [--json] [DIR]  the ledger against the files
		exit: 0 done, 1 SQL error or refusal, 2 usage, 69 Postgres does not answer, 78 wrong configuration
	TEXT
}

parse_arguments() {
	while (($# > 0)); do
		case "$1" in
			--dry-run | --status)
				[[ "$mode" == apply || "$mode" == "${1#--}" ]] || die "$EXIT_USAGE" '--dry-run and --status exclude each other'
				mode="${1#--}" ;;
			--json) as_json=true ;;
			-h | --help) usage; exit 0 ;;
			-*) usage >&2; die "$EXIT_USAGE" "unknown option $1" ;;
			*)
				[[ -z "$directory" ]] || die "$EXIT_USAGE" "one directory at a time, not also $1"
				directory=$1 ;;
		esac
		shift
	done
	[[ "$as_json" == false || "$mode" == status ]] || die "$EXIT_USAGE" '--json goes with --status'
	directory="${directory:-${DB_INIT_PATH:-$HERE/../db-init}}"
	[[ -d "$directory" ]] || die "$EXIT_CONFIG" "no directory $directory; remedy: check the argument or DB_INIT_PATH"
	directory="$(cd "$directory" && pwd)"
}

clean_up() {
	session_kill
	[[ -z "$work" ]] || rm -rf "$work"
}

read_configuration() {
	DB_WAIT_TIMEOUT="${DB_WAIT_TIMEOUT:-60}"
	require_seconds DB_WAIT_TIMEOUT
	load_secret_files DB_HOST DB_PORT DB_DATABASE DB_USER DB_PASSWORD
	require_variables DB_HOST DB_DATABASE DB_USER
	require_port DB_PORT
	stop_on_config_problems
	pg_environment "trm db-init ${HOSTNAME:-}"
}

# ask SQL: the answer in session_answer, or the end of the run.
ask() {
	session_ask "$1" || stop_on_lost_session "$2"
}

stop_on_lost_session() {
	if session_refused_sql; then
		die "$EXIT_FAILURE" "$1: SQL error, see the lines above; remedy: correct the cause and run again"
	fi
	die "$EXIT_FAILURE" "$1: lost the connection to Postgres; remedy: run again when it is back, the run continues with this file"
}

# ask_ledger SQL answers SQL, which may use (:comparison).
ask_ledger() {
	ask "\\set prefix '$migration_prefix'
\\set manifest '$(migrations_as_json)'
$(include "$LIB/compare-ledger.sql")
$1" 'comparing the files with the ledger'
}

# Sets pending and applied_count, or refuses to go on where the files are not those of the ledger.
pending=()
applied_count=0
read_pending() {
	local name state expected found newest problems=0
	ask_ledger "SELECT filename, state, coalesce(expected_sha256, 'none'), coalesce(found_sha256, 'none'), newest
		FROM (:comparison) AS comparison ORDER BY filename;"
	[[ -n "$session_answer" ]] || return 0
	while IFS=$'\t' read -r name state expected found newest; do
		case "$state" in
			applied) applied_count=$((applied_count + 1)); continue ;;
			pending) pending+=("$name"); continue ;;
			changed) log_error "$name was changed after it was applied: expected $expected, found $found; remedy: restore the file as it was and put the change into a new migration" ;;
			missing) log_error "$name is applied but not in $directory: expected $expected, found no file; remedy: this image is older than the database, run the image that has the file or a newer one" ;;
			gone)
				log "warning: $name is applied but not in $directory: what it made stays; remedy: drop that in a numbered file, and DELETE FROM trm.migration_ledger WHERE filename = '$name'"
				continue ;;
			out-of-order) log_error "$name is new but sorts before $newest, which is applied: expected no such file, found $found; remedy: give it the next free number" ;;
		esac
		problems=$((problems + 1))
	done <<<"$session_answer"
	((problems == 0)) || die "$EXIT_FAILURE" "$problems problem(s), nothing was applied"
}

apply_file() {
	local name=$1 path kind="${migration_kinds[$1]}" ledger_kind=numbered begin='\set trm_same true' check='' commit='' kept='nothing of it was kept'
	path="$(basename "$work_files")/${name##*/}"
	[[ "$kind" != repeatable ]] || ledger_kind=repeatable
	if [[ "$kind" != no-transaction ]]; then
		begin='BEGIN;
SELECT pg_catalog.pg_current_xact_id() AS trm_transaction \gset'
		check="SELECT pg_catalog.pg_current_xact_id()::text = :'trm_transaction' AS trm_same \gset"
		commit='COMMIT;'
	else
		kept='it runs without a transaction, so statements before the failing one stay'
	fi
	session_waiting_for="still applying $name"
	# What a file leaves set must not reach the next one; its SELECTs must not reach our answers.
	ask "\\o /dev/null
SELECT clock_timestamp() AS trm_started \\gset
CREATE TEMP TABLE trm_present AS SELECT kind, name, on_table FROM trm.present_objects;
$begin
$(include "$path")
$check
\\if :trm_same
\\set file '$name'
$(include "$LIB/record-objects.sql")
INSERT INTO trm.migration_ledger (filename, sha256, kind, applied_at, duration_ms, runner_version)
VALUES ('$name', '${migration_hashes[$name]}', '$ledger_kind', pg_catalog.clock_timestamp(),
	(extract(epoch FROM pg_catalog.clock_timestamp() - :'trm_started'::timestamptz) * 1000)::integer, '$RUNNER_VERSION')
ON CONFLICT (filename) DO UPDATE SET sha256 = EXCLUDED.sha256, applied_at = EXCLUDED.applied_at,
	duration_ms = EXCLUDED.duration_ms, runner_version = EXCLUDED.runner_version
	WHERE migration_ledger.kind = 'repeatable';
$commit
\\else
ROLLBACK;
\\endif
RESET SESSION AUTHORIZATION;
RESET ALL;
$(include "$LIB/session-boot.sql")
DISCARD TEMP;
\\o
SELECT duration_ms FROM trm.migration_ledger WHERE filename = '$name';" "$name failed ($kept)"
	session_waiting_for=''
	[[ -n "$session_answer" ]] || die "$EXIT_FAILURE" "$name ended the runner's transaction, so it is not recorded and what it committed stays; remedy: take the transaction control out of it, undo by hand what it did, run again"
	log "applied $name ($session_answer ms)"
}

# Before the baseline the ledger had no kinds, and nothing leads from there to here.
refuse_older_ledger() {
	ask "SELECT count(*) FROM pg_class WHERE oid = to_regclass('trm.migration_ledger')
		AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'kind');" 'looking at the ledger'
	[[ "$session_answer" == 0 ]] ||
		die "$EXIT_FAILURE" 'this database was booted by an image from before the baseline (decision 0016), which this one does not lead on from; remedy: a new database; for the stack of npm start: npm run reset'
}

apply_pending() {
	local name
	session_lock trm.db-init '' || stop_on_lost_session 'waiting for the lock'
	ask "$(include "$LIB/create-ledger.sql")" 'creating the ledger'
	read_pending
	for name in "${pending[@]}"; do
		apply_file "$name"
	done
	session_close
	log "${#pending[@]} applied, $applied_count skipped"
}

list_pending() {
	local name
	read_pending
	for name in "${pending[@]}"; do
		log "would apply $name (${migration_kinds[$name]}, sha256 ${migration_hashes[$name]})"
	done
	log "dry run: ${#pending[@]} pending, $applied_count applied"
}

print_status() {
	if [[ "$as_json" == true ]]; then
		ask_ledger "\\set directory '${directory//\'/\'\'}'
\\set runner_version '$RUNNER_VERSION'
$(include "$LIB/status.sql")"
	else
		ask_ledger "SELECT format('%-44s %-13s %-13s %-25s %9s  %s', 'file', 'state', 'sha256', 'applied at', 'ms', 'runner')
			UNION ALL (SELECT format('%-44s %-13s %-13s %-25s %9s  %s', filename, state, left(coalesce(found_sha256, expected_sha256), 12),
				applied_at::timestamptz(0), duration_ms, runner_version) FROM (:comparison) AS comparison ORDER BY filename);"
	fi
	printf '%s\n' "$session_answer"
}

main() {
	parse_arguments "$@"
	read_configuration
	trap clean_up EXIT
	trap 'exit 143' TERM
	trap 'exit 130' INT
	work="$(mktemp -d "${TMPDIR:-/tmp}/trm-db-init.XXXXXX")"
	# psql names files as it was told them: the directory's own name, then the file's.
	work_files="$work/$(basename "$directory")"
	mkdir "$work_files"
	read_migrations "$directory" "$work_files" || die "$EXIT_FAILURE" 'nothing was applied'
	pg_wait "$DB_WAIT_TIMEOUT"
	session_open "$work" || stop_on_lost_session 'opening the session'
	refuse_older_ledger
	case "$mode" in
		apply) apply_pending ;;
		dry-run) list_pending ;;
		status) print_status ;;
	esac
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
	main "$@"
fi
