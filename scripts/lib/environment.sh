# shellcheck shell=sh
# The environment that the entrypoint and the doors in scripts/ begin with: values without quotes, secrets from files, defaults.

# Directus reads a few more NAME_FILE variables by itself (storage, mail, single sign-on); those stay untouched.
FROM_FILES='DB_CLIENT DB_HOST DB_PORT DB_DATABASE DB_USER DB_PASSWORD DB_OWNER_USER DB_OWNER_PASSWORD SECRET KEY ADMIN_EMAIL ADMIN_PASSWORD
ADMIN_TOKEN PROJECT_OWNER PUBLIC_URL REDIS REDIS_HOST REDIS_USERNAME REDIS_PASSWORD EVENT_REDIS_SENTINEL_PASSWORD'

CR="$(printf '\r')"
LF='
'

# One line for each wrong NAME_FILE. The boot reads them and names them with its own problems, all at once.
export TRM_CONFIG_PROBLEMS=''

add_problem() {
	TRM_CONFIG_PROBLEMS="$TRM_CONFIG_PROBLEMS${TRM_CONFIG_PROBLEMS:+$LF}$1"
}

# stop_on_problems TAG
stop_on_problems() {
	[ -n "$TRM_CONFIG_PROBLEMS" ] || return 0
	printf '%s\n' "$TRM_CONFIG_PROBLEMS" | sed "s/^/[$1] error: /" >&2
	exit 78
}

# Quotes and blanks around a value, which "docker run --env-file" and systemd files keep, are not part of it: whatever the variable, they
# are removed. Passwords, secrets, keys and tokens may have them, so those stay as they are.
clean_values() {
	# A line of a value that looks like a variable is none: it has no value of its own.
	for name in $(env | sed -n 's/^\([A-Z][A-Za-z0-9_]*\)=.*/\1/p'); do
		case "$name" in *PASSWORD* | *SECRET* | *KEY* | *TOKEN*) continue ;; esac
		given=''
		eval "given=\${$name-}"
		value="${given#"${given%%[![:space:]]*}"}"
		value="${value%"${value##*[![:space:]]}"}"
		case "$value" in \"*\" | \'*\') value="${value#?}" value="${value%?}" ;; esac
		[ "$value" = "$given" ] || export "$name=$value"
	done
	# The scheme is the one part of an address that Directus compares as it stands.
	case "${PUBLIC_URL:-}" in
		[Hh][Tt][Tt][Pp]://*) export PUBLIC_URL="http://${PUBLIC_URL#*://}" ;;
		[Hh][Tt][Tt][Pp][Ss]://*) export PUBLIC_URL="https://${PUBLIC_URL#*://}" ;;
	esac
}

# Sets NAME from the file that NAME_FILE names, then unsets NAME_FILE: Directus stops when it sees both.
load_secret_files() {
	for name in $FROM_FILES; do
		path='' value=''
		eval "path=\${${name}_FILE-} value=\${$name-}"
		if [ -z "$path" ]; then
			unset "${name}_FILE"
		elif [ -n "$value" ]; then
			add_problem "both $name and ${name}_FILE are set; remedy: keep one of them"
		elif [ ! -f "$path" ] && [ ! -p "$path" ] || [ ! -r "$path" ]; then
			add_problem "${name}_FILE: cannot read the file $path as user $(id -u); remedy: check the path, the mount and the owner"
		else
			value="$(cat "$path")"
			while :; do
				case "$value" in
					*"$CR") value="${value%"$CR"}" ;;
					*"$LF") value="${value%"$LF"}" ;;
					*) break ;;
				esac
			done
			if [ -z "$value" ]; then
				add_problem "${name}_FILE: the file $path is empty; remedy: write the value of $name into it"
			else
				export "$name=$value"
				unset "${name}_FILE"
			fi
		fi
	done
	case "${DB_OWNER_USER:+user}${DB_OWNER_PASSWORD:+password}${DB_OWNER_USER_FILE:+?}${DB_OWNER_PASSWORD_FILE:+?}" in
		user | password) add_problem 'only one of DB_OWNER_USER and DB_OWNER_PASSWORD is set; remedy: set both, or NAME_FILE, or neither (then DB_USER must own the database)' ;;
	esac
}

# What changes the schema runs as the owner of the database, where one is given beside DB_USER.
use_owner_login() {
	[ -z "${DB_OWNER_USER:-}" ] || export DB_USER="$DB_OWNER_USER" DB_PASSWORD="$DB_OWNER_PASSWORD"
	unset DB_OWNER_USER DB_OWNER_PASSWORD
}

# defaults ROOT: the directory of entrypoint.sh
defaults() {
	export DB_PORT="${DB_PORT:-5432}"
	export DIRECTUS_CLI="${DIRECTUS_CLI:-$1/cli.js}" ECOSYSTEM_FILE="${ECOSYSTEM_FILE:-$1/ecosystem.config.cjs}"
	export DB_INIT_PATH="${DB_INIT_PATH:-$1/db-init}" SNAPSHOT_PATH="${SNAPSHOT_PATH:-$1/snapshots/schema.yaml}"
	export ACCESS_PATH="${ACCESS_PATH:-$1/snapshots/access.yaml}" SETTINGS_PATH="${SETTINGS_PATH:-$1/snapshots/settings.yaml}"
	export DB_WAIT_TIMEOUT="${DB_WAIT_TIMEOUT:-60}" BOOT_LOCK_TIMEOUT="${BOOT_LOCK_TIMEOUT:-600}"
	export DB_STATEMENT_TIMEOUT="${DB_STATEMENT_TIMEOUT:-60}"
	# Otherwise Directus creates its tables in a schema named after DB_USER, if one exists, such as trm.
	export DB_SEARCH_PATH="${DB_SEARCH_PATH:-public}"
	# Directus bundles the app extensions at each start, which with rollup takes as long as the rest of it.
	export EXTENSIONS_ROLLDOWN="${EXTENSIONS_ROLLDOWN:-true}"
	# Without the bundle's hooks nothing checks a creation against the permissions of its author: serve with it or not at all.
	export EXTENSIONS_MUST_LOAD="${EXTENSIONS_MUST_LOAD:-true}"
	# Without an owner Directus greets the first operator with a dialog over the whole screen.
	export PROJECT_OWNER="${PROJECT_OWNER:-${ADMIN_EMAIL:-}}"
	# REDIS is for the event stream. Directus with a Redis of its own that is down starts without extensions, then crashes.
	export REDIS_ENABLED="${REDIS_ENABLED:-false}"
	# The largest flag-faulty call, 10,000 keys with the longest device ids, has 1.3 MB; Directus takes 1 MB.
	export MAX_PAYLOAD_SIZE="${MAX_PAYLOAD_SIZE:-2mb}"
	# Otherwise Directus copies the whole data model for each request, a third of the cost of a small one.
	export CACHE_SCHEMA_FREEZE_ENABLED="${CACHE_SCHEMA_FREEZE_ENABLED:-true}"
	# Directus lets one request read and write any number of rows.
	export QUERY_LIMIT_MAX="${QUERY_LIMIT_MAX:-20000}" MAX_BATCH_MUTATION="${MAX_BATCH_MUTATION:-20000}"
	# An import holds a transaction open while its file comes in, for up to an hour in Directus, and twenty at a time.
	export IMPORT_TIMEOUT="${IMPORT_TIMEOUT:-1m}" IMPORT_MAX_CONCURRENCY="${IMPORT_MAX_CONCURRENCY:-2}"
	# Directus also sends its cookies over plain HTTP, unless told that all requests come over HTTPS.
	case "${PUBLIC_URL:-}" in https://*)
		export SESSION_COOKIE_SECURE="${SESSION_COOKIE_SECURE:-true}" REFRESH_TOKEN_COOKIE_SECURE="${REFRESH_TOKEN_COOKIE_SECURE:-true}" ;;
	esac
	# Requests get five seconds to end, the relay half a second more, and all of it less than the ten of docker stop.
	export SERVER_SHUTDOWN_TIMEOUT="${SERVER_SHUTDOWN_TIMEOUT:-5000}" PM2_KILL_TIMEOUT="${PM2_KILL_TIMEOUT:-7000}"
	# A collection made of positions would leave a ghost row that breaks the next schema apply.
	export DB_EXCLUDE_TABLES="${DB_EXCLUDE_TABLES:-positions,spatial_ref_sys}"
	case ",$(printf '%s' "$DB_EXCLUDE_TABLES" | tr -d ' ')," in
		*,positions,*) ;;
		*) DB_EXCLUDE_TABLES="$DB_EXCLUDE_TABLES,positions" ;;
	esac
}
