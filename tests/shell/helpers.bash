# shellcheck shell=bash
# Shared by the shell tests. TEST_PG_URL: a superuser's URL of a real Postgres; each test makes and drops its own database.
# shellcheck disable=SC2034,SC2154 # variables go to and come from bats and the test files
bats_require_minimum_version 1.5.0

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# Where package.json and the built bundle are, when not in the checkout itself.
APP_ROOT="${TEST_APP_ROOT:-$ROOT}"
ENTRYPOINT="$ROOT/entrypoint.sh"
export PATH="$ROOT/node_modules/.bin:$PATH"

# use_server URL points DB_* at a server.
use_server() {
	local user_info address
	[[ "$1" =~ ^postgres(ql)?://([^@/]+)@([^/?]+) ]] || { echo "TEST_PG_URL must look like postgres://user:password@host:port/database" >&2; return 1; }
	user_info="${BASH_REMATCH[2]}" address="${BASH_REMATCH[3]}"
	export DB_CLIENT=pg DB_USER="${user_info%%:*}" DB_PASSWORD=trust DB_HOST="${address%%:*}" DB_PORT=5432
	if [[ "$user_info" == *:* ]]; then
		DB_PASSWORD="${user_info#*:}"
		printf -v DB_PASSWORD '%b' "${DB_PASSWORD//%/\\x}"
	fi
	[[ "$address" != *:* ]] || DB_PORT="${address##*:}"
}

# create_database makes an empty database with a name of its own and points DB_DATABASE at it.
create_database() {
	export DB_DATABASE="trm_bats_${BATS_ROOT_PID:-$$}_${BATS_SUITE_TEST_NUMBER:-0}_$RANDOM"
	sql postgres "CREATE DATABASE $DB_DATABASE"
}

drop_database() {
	[[ -z "${DB_DATABASE:-}" ]] || sql postgres "DROP DATABASE IF EXISTS $DB_DATABASE WITH (FORCE)"
}

# sql DATABASE QUERY, or query QUERY in the test's own database.
sql() {
	PGPASSWORD="$DB_PASSWORD" psql -XAtqw -v ON_ERROR_STOP=1 -h "$DB_HOST" -p "$DB_PORT" -U "$DB_USER" -d "$1" -c "$2"
}

query() {
	sql "$DB_DATABASE" "$1"
}

# migration NAME SQL… writes a file into $DIR.
migration() {
	local name=$1
	shift
	printf '%s\n' "$@" >"$DIR/$name"
}

sha256() {
	tr -d '\r' <"$1" | sha256sum | cut -d ' ' -f 1
}

expect() {
	[[ "$output" == *"$1"* ]] || { printf 'expected: %s\ngot:\n%s\n' "$1" "$output"; return 1; }
}

reject() {
	[[ "$output" != *"$1"* ]] || { printf 'not expected: %s\ngot:\n%s\n' "$1" "$output"; return 1; }
}

# equal ACTUAL EXPECTED
equal() {
	[[ "$1" == "$2" ]] || { printf 'expected: %s\ngot:      %s\n' "$2" "$1"; return 1; }
}

# eventually SECONDS COMMAND… succeeds soon after the command does. It asks less and less often: asking is most of the work of a test that waits.
eventually() {
	# For what a machine takes that has nothing else to do; one that is slow or busy may take a multiple.
	local deadline=$((SECONDS + 5 * $1)) pause=5
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < deadline)) || { echo "not within the time: $*"; return 1; }
		sleep "0.$(printf '%02d' "$pause")"
		pause=$((pause < 25 ? pause + 5 : 30))
	done
}

log_has() {
	grep -qF -- "$2" "$1"
}

is_sleeping() {
	[[ "$(sql postgres "SELECT count(*) FROM pg_stat_activity WHERE datname = '$DB_DATABASE' AND wait_event = 'PgSleep'")" -ge 1 ]]
}

free_port() {
	local port
	while true; do
		port=$((20000 + RANDOM % 12000))
		(exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
	done
}

# status_of PID: its exit status, in $status.
status_of() {
	status=0
	wait "$1" || status=$?
}

# A private cluster to stop and kill, since the one of TEST_PG_URL serves others too. Postgres refuses to run as root.
as_postgres() {
	if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}

create_cluster() {
	# npm test puts the newest on the PATH; Debian itself has none there.
	PG_BIN="$(dirname "$(command -v initdb || find /usr/lib/postgresql -path '*/bin/initdb' | sort -V | tail -n 1)")"
	CLUSTER="$(mktemp -d /tmp/trm-bats-cluster.XXXXXX)"
	CLUSTER_PORT="$(free_port)"
	export PG_BIN CLUSTER CLUSTER_PORT
	((EUID != 0)) || chown postgres "$CLUSTER"
	(cd /tmp && as_postgres "$PG_BIN/initdb" -D "$CLUSTER/data" -U postgres -A trust --no-sync -E UTF8 --locale=C >/dev/null)
	start_cluster
	use_server "postgres://postgres@127.0.0.1:$CLUSTER_PORT/postgres"
}

start_cluster() {
	local preload=''
	[[ ! -e "${PG_BIN%/bin}/lib/timescaledb.so" ]] || preload='-c shared_preload_libraries=timescaledb -c timescaledb.telemetry_level=off'
	(cd /tmp && as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -w -l "$CLUSTER/log" \
		-o "-p $CLUSTER_PORT -k $CLUSTER -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=64MB $preload" start >/dev/null 3>&-)
}

# What kill -9 or a power cut does: no checkpoint, no goodbye to the clients.
crash_cluster() {
	(cd /tmp && as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -m immediate -w stop >/dev/null)
}

remove_cluster() {
	[[ -n "${CLUSTER:-}" ]] || return 0
	crash_cluster || true
	rm -rf "$CLUSTER"
}
