# shellcheck shell=bash
# A private Postgres cluster: loopback only, passwords over TCP, no Unix socket (its path could be too long).

PG_BIN=''
PG_DATA=''
# Further options of initdb, e.g. --no-sync for a cluster that lives as long as a test run.
PG_INIT_OPTIONS=()

# Postgres refuses to run as root: then it runs as the package's user postgres. setpriv execs, so that pids stay true.
as_postgres() {
	if ((EUID == 0)); then
		setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
	else
		"$@"
	fi
}

# Where the cluster of LINK lies when its own directory cannot be entered by user postgres.
pg_elsewhere() {
	printf '/var/lib/trm-directus/%s' "$(printf '%s' "$1" | sha256sum | head -c 16)"
}

# True when LINK leads to the cluster of another directory: this repository was copied or moved, and must not touch it.
pg_is_foreign() {
	[[ -L $1 && $(readlink "$1") == /var/lib/trm-directus/* && $(readlink "$1") != "$(pg_elsewhere "$1")" ]]
}

# pg_place LINK: makes the data directory behind LINK and leaves its real path in PG_DATA. A directory that user postgres
# cannot reach (below /root, or one from mktemp) cannot hold a cluster: it then lies in /var/lib/trm-directus.
pg_place() {
	local link=$1 elsewhere
	mkdir -p "${link%/*}"
	elsewhere=$(pg_elsewhere "$link")
	if pg_is_foreign "$link"; then
		die 78 "$link leads to a cluster that was made in another directory: this is a copy, or the repository has moved." \
			"Moved: mv $(readlink "$link") $elsewhere && ln -sfn $elsewhere $link" \
			"A copy: rm $link .local/secrets.env, then npm start makes a cluster of its own."
	fi
	if [[ ! -e $link ]]; then
		rm -f "$link"
		if ((EUID != 0)) || as_postgres test -x "${link%/*}"; then
			mkdir -m 700 "$link"
		else
			mkdir -p "$elsewhere"
			chmod 700 "$elsewhere"
			ln -s "$elsewhere" "$link"
		fi
	fi
	PG_DATA=$(realpath "$link")
	if ((EUID == 0)); then chown postgres: "$PG_DATA"; fi
}

# The postmaster behind LINK, if it runs: its working directory is the cluster's.
pg_pid() {
	local link=$1 data pid
	[[ -d $link ]] && ! pg_is_foreign "$link" || return 1
	data=$(realpath "$link")
	pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || return 1
	[[ $pid =~ ^[0-9]+$ && $(readlink "/proc/$pid/cwd") == "$data" ]] || return 1
	printf '%s' "$pid"
}

# Called by run_step. Marked complete at the end: a killed initdb is done again.
pg_init() {
	local password status=0
	find "$PG_DATA" -mindepth 1 -delete
	password=$(mktemp)
	printf '%s\n' "$TRM_PG_SUPERUSER_PASSWORD" >"$password"
	if ((EUID == 0)); then chown postgres "$password"; fi
	(
		cd "$PG_DATA" || exit
		as_postgres "$PG_BIN/initdb" -D . --username=postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
			--auth=scram-sha-256 --pwfile="$password" "$@"
	) || status=$?
	rm -f "$password"
	((status == 0)) || return "$status"
	if ((EUID == 0)); then install -o postgres -m 600 /dev/null "$PG_DATA/trm-complete"; else : >"$PG_DATA/trm-complete"; fi
}

# pg_start LINK PORT LOG [-c NAME=VALUE]...: returns when the server takes connections.
pg_start() {
	local link=$1 port=$2 log=$3 version preload=() as=() pid
	shift 3
	pg_place "$link"
	version=$(cat "$PG_DATA/PG_VERSION" 2>/dev/null) || version=''
	PG_BIN=$(postgres_bin)
	if [[ -n $version && -e $PG_DATA/trm-complete ]]; then
		PG_BIN=/usr/lib/postgresql/$version/bin
		if [[ ! -x $PG_BIN/postgres ]]; then
			die 69 "The cluster behind ${link#"$ROOT/"} is of Postgres $version, which is not installed here." \
				"Install it (apt-get install postgresql-$version postgresql-$version-postgis-3) or start afresh: npm run reset"
		fi
	else
		run_step initdb 'Creating the private Postgres cluster' pg_init "${PG_INIT_OPTIONS[@]}" || exit 70
	fi
	# Debian's psql is a Perl wrapper; the real one is quicker, and the boot calls it often.
	export PATH=$PG_BIN:$PATH
	if [[ -e ${PG_BIN%/bin}/lib/timescaledb.so ]]; then
		preload=(-c shared_preload_libraries=timescaledb -c timescaledb.telemetry_level=off)
	fi
	# A pid file whose pid now belongs to somebody else stops Postgres; if nothing runs in the cluster, it is stale.
	if [[ -e $PG_DATA/postmaster.pid && -z $(processes_in "$PG_DATA") ]]; then rm -f "$PG_DATA/postmaster.pid"; fi
	: >"$log"
	if ((EUID == 0)); then as=(setpriv --reuid=postgres --regid=postgres --init-groups --); fi
	# Postgres 15 returns to the directory it was started in, so that must be one that it may enter.
	spawn "$log" env -C "$PG_DATA" "${as[@]}" "$PG_BIN/postgres" -D "$PG_DATA" \
		-c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories= "${preload[@]}" "$@"
	pid=$SPAWNED
	until "$PG_BIN/pg_isready" -q -h 127.0.0.1 -p "$port"; do
		if ! is_running "$pid"; then
			die 69 "Postgres did not start. The end of ${log#"$ROOT/"}:" "$(tail -n 20 "$log")"
		fi
		pause 0.1
	done
}

# Fast stop: clients are disconnected, what is committed is on disk.
pg_stop() {
	local pid
	pid=$(pg_pid "$1") || return 0
	kill -INT "$pid" 2>/dev/null || true
	if ! wait_gone "$pid" 30; then
		complain "Postgres (pid $pid) did not stop within 30 s: stopping it at once, it will recover at the next start."
		kill -QUIT "$pid" 2>/dev/null || true
		wait_gone "$pid" 10 || true
	fi
}

# pg_remove LINK: the stopped cluster, wherever it lies.
pg_remove() {
	local link=$1
	if [[ -L $link ]] && ! pg_is_foreign "$link"; then
		rm -rf "$(pg_elsewhere "$link")"
		rmdir /var/lib/trm-directus 2>/dev/null || true
	fi
	rm -rf "$link"
}

pg_superuser() {
	PGPASSWORD=$TRM_PG_SUPERUSER_PASSWORD "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 \
		-h 127.0.0.1 -p "$DB_PORT" -U postgres "$@"
}

# Role directus owns database trm and nothing more: only what needs a superuser is done by one. The role must not be
# called trm: Postgres looks in a schema of the role's name first, so Directus's tables would land in schema trm.
pg_prepare() {
	# Not with -v: everybody can read a command line.
	DB_PASSWORD="$DB_PASSWORD" pg_superuser -d postgres <<-'SQL'
		\getenv password DB_PASSWORD
		SELECT 'CREATE ROLE directus LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'directus') \gexec
		ALTER ROLE directus PASSWORD :'password';
		SELECT format('CREATE ROLE %I NOLOGIN', role) FROM unnest(ARRAY['trm_directus', 'trm_processor']) AS role
		WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
		SELECT 'CREATE DATABASE trm OWNER directus' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'trm') \gexec
	SQL
	pg_superuser -d trm <<-'SQL'
		SET client_min_messages = warning;
		CREATE EXTENSION IF NOT EXISTS postgis;
		CREATE EXTENSION IF NOT EXISTS btree_gist;
		SELECT 'CREATE EXTENSION IF NOT EXISTS timescaledb'
		WHERE current_setting('shared_preload_libraries') ~ '\mtimescaledb\M' \gexec
	SQL
}
