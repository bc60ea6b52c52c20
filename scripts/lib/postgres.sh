# shellcheck shell=bash
# Connecting to Postgres: libpq's environment from DB_*, waiting for the server, and as whom.
# shellcheck disable=SC2154 # session.sh sets session_answer

# Which variables the login comes from, for messages.
login_variables='DB_USER and DB_PASSWORD'
# User and password of the server, while the owner's stand in their place.
server_login=()

require_whole_owner_login() {
	[[ -z "${DB_OWNER_USER:-}" && -n "${DB_OWNER_PASSWORD:-}" || -n "${DB_OWNER_USER:-}" && -z "${DB_OWNER_PASSWORD:-}" ]] || return 0
	config_problems+=('only one of DB_OWNER_USER and DB_OWNER_PASSWORD is set; remedy: set both, or NAME_FILE, or neither (then DB_USER must own the database)')
}

# What changes the schema runs as the owner of the database, where one is given beside DB_USER.
use_owner_login() {
	[[ -n "${DB_OWNER_USER:-}" ]] || return 0
	login_variables='DB_OWNER_USER and DB_OWNER_PASSWORD'
	server_login=("${DB_USER:-}" "${DB_PASSWORD:-}")
	export DB_USER="$DB_OWNER_USER" DB_PASSWORD="$DB_OWNER_PASSWORD"
	unset DB_OWNER_USER DB_OWNER_PASSWORD
}

# The server's login again, and nothing of the owner's in the environment: libpq's variables have the password too.
use_server_login() {
	((${#server_login[@]} > 0)) || return 0
	login_variables='DB_USER and DB_PASSWORD'
	export DB_USER="${server_login[0]}" DB_PASSWORD="${server_login[1]}"
	export PGUSER="$DB_USER" PGPASSWORD="$DB_PASSWORD"
	pg_wait "$DB_WAIT_TIMEOUT"
	# Directus would start all the same, and take a database of which it sees nothing for an empty one.
	[[ "$(pg_query "SELECT CASE WHEN has_schema_privilege('trm', 'USAGE')
		THEN has_table_privilege('trm.event_outbox', 'DELETE') AND has_table_privilege('public.directus_users', 'UPDATE') END")" == t ]] ||
		die "$EXIT_CONFIG" "the login $DB_USER (DB_USER) has not the rights of a server in this database; remedy: as a superuser GRANT trm_directus TO \"$DB_USER\", then SELECT trm.grant_least_privilege() (docs/database-roles.md)"
}

# pg_environment APPLICATION_NAME exports what libpq reads; the password never stands on a command line.
pg_environment() {
	export PGHOST="$DB_HOST" PGPORT="${DB_PORT:-5432}" PGDATABASE="$DB_DATABASE" PGUSER="$DB_USER"
	export PGPASSWORD="${DB_PASSWORD:-}" PGAPPNAME="$1" PGCLIENTENCODING=UTF8 PGCONNECT_TIMEOUT=5
	unset PGSERVICE PGHOSTADDR
}

# pg_query SQL prints the unaligned answer of a session of its own.
pg_query() {
	psql -XAtqw -v ON_ERROR_STOP=1 -f "$LIB/session-boot.sql" -c "$1"
}

# pg_wait SECONDS returns when the database answers. What waiting cannot mend (login, database name) fails at once, where the server
# says it in English: a failed login has no code that psql would show, so in another language it is waited for like the rest.
pg_wait() {
	local timeout=$1 started=$SECONDS said='' reason where="$PGHOST:$PGPORT/$PGDATABASE"
	command -v psql >/dev/null || die "$EXIT_CONFIG" 'no psql on PATH; remedy: install the PostgreSQL client, or correct PATH'
	until reason="$(LC_ALL=C pg_query 'SELECT 1' 2>&1 >/dev/null)"; do
		reason="${reason#psql: error: }"
		reason="${reason//$'\n'/ }"
		reason="${reason//$'\t'/}"
		case "$reason" in
			*'password authentication failed'* | *'no password supplied'* | *'no pg_hba.conf entry'* | *'role "'*'" does not exist'*)
				die "$EXIT_CONFIG" "Postgres at $where refuses the login: $reason; remedy: check $login_variables (and pg_hba.conf)" ;;
			*'database "'*'" does not exist'*)
				die "$EXIT_CONFIG" "Postgres at $where has no such database: $reason; remedy: create it or correct DB_DATABASE" ;;
			*'could not access file '*'libdir/'*)
				die "$EXIT_CONFIG" "the database at $where has an extension in a version that its Postgres server lacks: $reason; remedy: install that version beside the newer one, or run an image that has it, then ALTER EXTENSION … UPDATE as the first statement of a session" ;;
			*'unrecognized configuration parameter'*)
				die "$EXIT_CONFIG" "Postgres at $where is too old: $reason; remedy: use Postgres 15 or newer" ;;
		esac
		if ((SECONDS - started >= timeout)); then
			die "$EXIT_UNAVAILABLE" "no answer from Postgres at $where within $timeout s: $reason; remedy: start it, check DB_HOST and DB_PORT, or raise DB_WAIT_TIMEOUT"
		fi
		if [[ "$reason" != "$said" ]]; then
			log "waiting up to $timeout s for Postgres at $where: $reason"
			said="$reason"
		fi
		sleep 0.5
	done
}

# What no boot can finish on, looked at with the lock in hand and before anything is written.
check_database() {
	local kind detail collections where="$DB_DATABASE at $PGHOST:$PGPORT"
	collections="$(sed -n 's/^  - collection: \([a-z0-9_]*\)$/\1/p' "$SNAPSHOT_PATH" 2>/dev/null | sort -u | paste -sd ,)"
	session_ask "\\set collections '$collections'
$(include "$LIB/check-database.sql")" || stop_on_lost_lock
	IFS=$'\t' read -r kind detail <<<"$session_answer"
	case "$kind" in
		standby) die "$EXIT_CONFIG" "the database $where is a standby, which takes no changes; remedy: give the primary's address in DB_HOST" ;;
		read-only) die "$EXIT_CONFIG" "the database $where is read-only (default_transaction_read_only is on, from its $detail); remedy: have it made writable (ALTER DATABASE or ALTER ROLE … RESET default_transaction_read_only), then start again" ;;
		encoding) die "$EXIT_CONFIG" "the database $where has the encoding $detail, and names need UTF8; remedy: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and start with that one" ;;
		foreign) die "$EXIT_CONFIG" "the database $where was not made by this image, and has tables of the names that it makes: $detail; remedy: give a database of its own in DB_DATABASE, or restore the backup as a whole, with the schema trm" ;;
	esac
}
